// A decision is waited for until the consumer has recorded what became of it, and not for ever.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { AuditLog, OutgoingMessage, PlacedAuditRecord } from "#messaging";
import { decide, type DecidePorts } from "../../../bin/operator/decide.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

const wish = {
  kind: "skip",
  stream: "s1",
  sequence: 3,
  author: "ada",
  reason: "said twice",
} as const;

const recorded = (version: number, id: string, refused?: string): PlacedAuditRecord => ({
  version,
  index: 0,
  record: {
    kind: "decision",
    at: 1 as EpochMs,
    decision: { ...wish, id },
    ...(refused !== undefined && { refused }),
  },
});

function ports(audit: AuditLog): DecidePorts & { readonly sent: OutgoingMessage[] } {
  const sent: OutgoingMessage[] = [];
  const sender = {
    send: async (messages: readonly OutgoingMessage[]) => void sent.push(...messages),
  };
  return { sender, audit, clock: steppingClock(), newId: () => "d1", sent };
}

/** What the consumer has written by the so many-th look. */
const logOf = (byLook: readonly (readonly PlacedAuditRecord[])[]): AuditLog => {
  let looks = 0;
  return {
    records: async (_stream, limit, { version, index = Infinity } = { version: 0 }) => {
      const all = byLook[Math.min(looks, byLook.length - 1)] ?? [];
      looks += 1;
      return all
        .filter((one) => one.version > version || (one.version === version && one.index > index))
        .slice(0, limit);
    },
  };
};

test("it travels through the stream's own group and ends when it is recorded", async () => {
  const given = ports(
    logOf([[], [recorded(8, "another")], [recorded(8, "another"), recorded(9, "d1")]]),
  );

  const decided = await decide(given, wish, 7);

  expect(decided).toEqual({ decision: { ...wish, id: "d1" } });
  expect(given.sent).toMatchObject([
    {
      group: "s1",
      deduplicationId: "d1",
      envelope: {
        id: "d1",
        type: "inorder.control.skip",
        partitionkey: "s1",
        data: { author: "ada", reason: "said twice", sequence: 3 },
      },
    },
  ]);
});

test("why it was refused is answered", async () => {
  const given = ports(logOf([[recorded(8, "d1", "the stream is running")]]));

  expect(await decide(given, wish, 7)).toMatchObject({ refused: "the stream is running" });
});

test("it is found behind more records than one look can hold", async () => {
  const others = Array.from({ length: 250 }, (_, index) => recorded(8 + index, "another"));
  const given = ports(logOf([[...others, recorded(300, "d1")]]));

  expect(await decide(given, wish, 7)).toMatchObject({ decision: { id: "d1" } });
});

test("it is found behind a look that ended within the records of one version", async () => {
  const others = Array.from({ length: 99 }, (_, index) => recorded(8 + index, "another"));
  const oneVersion = [recorded(200, "another"), { ...recorded(200, "d1"), index: 1 }];
  const given = ports(logOf([[...others, ...oneVersion]]));

  expect(await decide(given, wish, 7)).toMatchObject({ decision: { id: "d1" } });
});

test("a consumer that does not answer ends the waiting, and it is said what to do", async () => {
  const given = ports(logOf([[]]));

  const deciding = decide(given, wish, 7);

  await expect(deciding).rejects.toMatchObject({ code: "unexpected", action: "retry" });
  await expect(deciding).rejects.toThrow("look at the stream again before you decide anew");
});
