// A head as text: what is written is read back, and what cannot be read is never taken for empty.
import { expect, test } from "vitest";
import { decodeHead, encodeHead, type Head, neverWritten } from "#messaging";
import { start } from "../../support/consumer-world.ts";
import { textLike } from "../../support/matching.ts";

const full: Head = {
  ...neverWritten("a"),
  version: 7,
  attemptId: "attempt",
  last: 3,
  status: "halted",
  recent: [{ sequence: 3, hash: "0123456789abcdef" }],
  parked: [
    {
      sequence: 4,
      hash: "0123456789abcdef",
      message: {
        id: "a#4",
        source: "urn:test",
        type: "test.happened",
        stream: "a",
        sequence: 4,
        time: start,
        traceparent: "00-1-2-01",
        data: { text: "é\u0000\uD800", list: [null, 1.5, true] },
      },
      parkedAt: start,
      reason: "halted",
    },
  ],
  attempts: 2,
  halt: { sequence: 4, messageId: "a#4", code: "conflict", message: "why", at: start },
  violations: [
    {
      kind: "timestamp-anomaly",
      severity: "warning",
      sequence: 2,
      messageId: "a#2",
      expected: "later",
      actual: "earlier",
      at: start,
    },
  ],
  newest: start,
  dueAt: start,
  state: { steps: [1, 2, 3] },
};

/** What a running head may have besides. */
const running: Head = {
  ...neverWritten("a"),
  version: 9,
  last: 6,
  startedAfter: 4,
  closed: true,
  parked: [{ sequence: 9, hash: "0123456789abcdef", parkedAt: start, reason: "early" }],
  skipped: [{ from: 5, to: 6 }],
  controls: ["d1"],
  gap: { sequence: 7, tries: 0 },
  claim: { sequence: 7, owner: "run-1", until: start },
  called: { sequence: 7, hash: "0123456789abcdef", times: 2 },
};

const claimCheck = { ref: "urn:claims:1", sha256: "ab", bytes: 7 };
const causal: Head = {
  ...full,
  parked: full.parked.map(({ message, ...rest }) =>
    message === undefined
      ? rest
      : {
          ...rest,
          message: { ...message, claimCheck, dependencies: ["b#1"], clock: { n: 1 }, lamport: 3 },
        },
  ),
};

test.for([full, running, causal, { ...neverWritten("a"), version: 1 }])(
  "what was written is read back",
  (head) => {
    expect(decodeHead(encodeHead(head), "a")).toEqual(head);
  },
);

const hash = (sequence: number): string => String(sequence).padStart(16, "0");

const after = (recent: readonly number[]): Head => ({
  ...neverWritten("a"),
  version: 7,
  attemptId: "3b241101-e2bb-4255-8caf-4136c566a962",
  last: recent.at(-1) ?? 0,
  recent: recent.map((sequence) => ({ sequence, hash: hash(sequence) })),
  newest: start,
  state: { balance: 1_000, payments: 200 },
});

test.for([[], [9], [7, 8, 9], [2, 3, 7, 9, 10], [Number.MAX_SAFE_INTEGER]])(
  "the last applied sequences %o are read back",
  (recent) => {
    expect(decodeHead(encodeHead(after(recent)), "a").recent).toEqual(after(recent).recent);
  },
);

test("a head with nothing to tell, all it remembers, and a small state is one write unit", () => {
  const recent = Array.from({ length: 16 }, (_, index) => 1_000_000 + index);

  expect(Buffer.byteLength(encodeHead(after(recent)))).toBeLessThan(800);
});

const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(encodeHead(full)) as object), ...change });

test.for([
  ["no text", ""],
  ["torn text", encodeHead(full).slice(0, -5)],
  ["another value", "[]"],
  ["a newer format", changed({ format: 3 })],
  ["an older format", changed({ format: 1 })],
  ["no format", changed({ format: undefined })],
  ["no version", changed({ version: undefined })],
  ["a version that none has", changed({ version: 0 })],
  ["a position that is no number", changed({ last: "3" })],
  ["an unknown status", changed({ status: "asleep" })],
  ["parked that is no list", changed({ parked: {} })],
  ["a parked message without its id", changed({ parked: [{ message: {}, parkedAt: start }] })],
  ["an incomplete halt", changed({ halt: { sequence: 4 } })],
  ["a claim by nobody", changed({ claim: { sequence: 7, until: start } })],
  ["a call for no sequence", changed({ called: { hash: "0123456789abcdef" } })],
  ["a gap at no sequence", changed({ gap: { sequence: 0, tries: 1 } })],
  ["a range without an end", changed({ skipped: [{ from: 1 }] })],
  ["applied ids that are no text", changed({ recent: [] })],
  ["an applied id cut short", changed({ recent: "3:0123456789abcde" })],
  ["applied ids without a sequence", changed({ recent: "0123456789abcdef" })],
  ["decisions that are no list", changed({ controls: "d1" })],
  ["closed that is not true", changed({ closed: false })],
  ["a beginning before the first", changed({ startedAfter: -1 })],
  [
    "a message parked for no reason",
    changed({ parked: [{ sequence: 9, hash: "0", parkedAt: start }] }),
  ],
  ["an unknown violation", changed({ violations: [{ kind: "gap" }] })],
  ["another stream's head", changed({ stream: "b" })],
] as const)("%s is an error that names the stream and the cause", ([, text]) => {
  expect(() => decodeHead(text, "a")).toThrow(
    expect.objectContaining({
      code: "unexpected",
      action: "retry",
      message: textLike(/^The head of stream "a" cannot be read: .+/),
    }),
  );
});
