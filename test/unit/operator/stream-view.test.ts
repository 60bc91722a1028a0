// What an operator reads before deciding.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { type Head, type Message, neverWritten } from "#messaging";
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
    /^ {2}5 {2}2018-01-02T03:04:05\.000Z {2}halted at 2: not-expected$/m,
    /retry by ada \(x\); refused: the stream is running$/m,
  ]) {
    expect(view).toMatch(said);
  }
});

function never(): never {
  throw new Error("the sample is halted");
}
