// What an operator reads before deciding.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import {
  type AuditLog,
  type Head,
  type Message,
  neverWritten,
  type PlacedAuditRecord,
} from "#messaging";
import { newestRecords } from "../../../bin/operator/audit-records.ts";
import { haltedTable, streamView } from "../../../bin/operator/stream-view.ts";

const at = Date.UTC(2018, 0, 2, 3, 4, 5) as EpochMs;
const culprit: Message = {
  id: "m2",
  source: "urn:test",
  type: "step.reported",
  stream: "s1",
  sequence: 2,
  data: { step: "approved" },
};
const head: Head = {
  ...neverWritten("s1"),
  version: 7,
  last: 1,
  status: "halted",
  halt: { sequence: 2, messageId: "m2", code: "not-expected", message: "said before", at },
  parked: [
    { sequence: 2, hash: "00", parkedAt: at, reason: "halted", message: culprit },
    { sequence: 3, hash: "00", parkedAt: at, reason: "halted" },
  ],
  skipped: [{ from: 1, to: 1 }],
  violations: [
    {
      kind: "timestamp-anomaly",
      severity: "warning",
      sequence: 1,
      messageId: "m1",
      expected: "not before x",
      actual: "y",
      at,
    },
  ],
};

test("halted streams are listed with where, since when, why, and what waits", () => {
  const [title, row] = haltedTable([head]).split("\n");

  expect(title).toMatch(/^stream +at +since +parked +cause$/);
  expect(row).toMatch(/^s1 +2 +2018-01-02T03:04:05\.000Z +2 +not-expected: said before$/);
  expect(haltedTable([])).toBe("No stream is halted.");
});

test("one stream is shown with the message that halted it and its whole history", () => {
  const view = streamView({
    head,
    culprit,
    history: {
      older: 0,
      before: 1,
      records: [
        { version: 5, index: 0, record: { kind: "halt", at, halt: head.halt ?? never() } },
        {
          version: 6,
          index: 0,
          record: {
            kind: "decision",
            at,
            decision: {
              kind: "retry",
              id: "d",
              stream: "s1",
              sequence: 2,
              author: "ada",
              reason: "x",
            },
            refused: "the stream is running",
          },
        },
      ],
    },
  });

  for (const said of [
    /^stream +s1$/m,
    /^applied +up to 1 \(version 7/m,
    /^parked +2 3$/m,
    /^left out +1-1$/m,
    /^cause +not-expected: said before$/m,
    /^message +m2, step\.reported$/m,
    /^data +{"step":"approved"}$/m,
    /^violation timestamp-anomaly \(warning\) at 1: expected not before x; got y$/m,
    /^ +do: check the sender's clock$/m,
    /^ {2}5 {2}2018-01-02T03:04:05\.000Z {2}halted at 2: not-expected$/m,
    /retry by ada \(x\); refused: the stream is running$/m,
  ]) {
    expect(view).toMatch(said);
  }
});

test("of a long history the newest 200 are shown, and how to see the rest", async () => {
  const halt = head.halt ?? never();
  // Three records of each version, so that pages end within one.
  const log: readonly PlacedAuditRecord[] = Array.from({ length: 450 }, (_, each) => {
    const place = { version: 1 + Math.floor(each / 3), index: each % 3 };
    return { ...place, record: { kind: "halt", at, halt: { ...halt, sequence: each + 1 } } };
  });
  const audit: AuditLog = {
    async records(_stream, limit, after = { version: 0 }) {
      const at = log.findIndex(({ version, index }) =>
        version === after.version ? index > (after.index ?? 9) : version > after.version,
      );
      return at === -1 ? [] : log.slice(at, at + limit);
    },
  };

  const first = await newestRecords(audit, "s1");
  const second = await newestRecords(audit, "s1", first.before);
  const third = await newestRecords(audit, "s1", second.before);

  expect(first.records).toEqual(log.slice(250));
  expect(first).toMatchObject({ older: 250, before: 85 });
  expect(second.records).toEqual(log.slice(52, 252));
  expect(second.older).toBe(52);
  expect(third).toMatchObject({ records: log.slice(0, 54), older: 0 });
  const view = streamView({ head, culprit, history: first });
  expect(view).toMatch(/^ {2}250 older ones are left out: show STREAM --before 85$/m);
  expect(view).toMatch(/halted at 450: /);
  expect(view).not.toMatch(/halted at 250: /);
});

function never(): never {
  throw new Error("the sample is halted");
}
