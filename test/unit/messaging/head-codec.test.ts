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

test.for([full, { ...neverWritten("a"), version: 1 }])("what was written is read back", (head) => {
  expect(decodeHead(encodeHead(head), "a")).toEqual(head);
});

const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(encodeHead(full)) as object), ...change });

test.for([
  ["no text", ""],
  ["torn text", encodeHead(full).slice(0, -5)],
  ["another value", "[]"],
  ["a newer format", changed({ format: 2 })],
  ["no format", changed({ format: undefined })],
  ["no version", changed({ version: undefined })],
  ["a version that none has", changed({ version: 0 })],
  ["a position that is no number", changed({ last: "3" })],
  ["an unknown status", changed({ status: "asleep" })],
  ["parked that is no list", changed({ parked: {} })],
  ["a parked message without its id", changed({ parked: [{ message: {}, parkedAt: start }] })],
  ["an incomplete halt", changed({ halt: { sequence: 4 } })],
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
