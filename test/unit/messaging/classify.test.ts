// Where a message stands against its stream's head.
import { expect, test } from "vitest";
import { type Head, type Message, neverWritten } from "#messaging";
import { classify, idHash } from "#messaging/head/classify";
import { applied, parked } from "#messaging/head/head-transitions";
import { start } from "../../support/consumer-world.ts";
import { textWith } from "../../support/matching.ts";

const message = (sequence: number, id = `a#${sequence}`): Message => ({
  id,
  source: "urn:test",
  type: "test.happened",
  stream: "a",
  sequence,
  data: {},
});

const roomy = { parkedMax: 100, parkedBytesMax: 100_000 };

function given(last: number, ...parkedSequences: readonly number[]): Head {
  let head = neverWritten("a");
  for (let sequence = 1; sequence <= last; sequence += 1) head = applied(head, message(sequence));
  for (const sequence of parkedSequences) {
    const waiting = { reason: "early", at: start } as const;
    head = parked(head, message(sequence), waiting, roomy)?.head ?? head;
  }
  return head;
}

test.for([
  { head: given(0), sequence: 1, kind: "next" },
  { head: given(0), sequence: 2, kind: "early" },
  { head: given(5), sequence: 6, kind: "next" },
  { head: given(5), sequence: 7, kind: "early" },
  { head: given(5), sequence: 5, kind: "duplicate" },
  { head: given(5), sequence: 1, kind: "duplicate" },
  { head: given(5, 7), sequence: 7, kind: "duplicate" },
  { head: given(5, 7), sequence: 6, kind: "next" },
  { head: given(5, 7), sequence: 8, kind: "early" },
])("after $head.last, $sequence is $kind", ({ head, sequence, kind }) => {
  expect(classify(head, message(sequence), "a", "a")).toEqual({ kind });
});

test.for([5, 1, 7])("another id with sequence %i is a conflict", (sequence) => {
  const found = classify(given(5, 7), message(sequence, "other"), "a", "a");

  expect(found).toMatchObject({
    kind: "conflict",
    expected: textWith(`sequence ${sequence}`),
    actual: textWith('"other"'),
  });
});

test("beyond the last sixteen the position alone decides", () => {
  const head = given(20);

  expect(classify(head, message(5, "other"), "a", "a").kind).toBe("conflict");
  expect(classify(head, message(4, "other"), "a", "a").kind).toBe("duplicate");
});

test("the partition is looked at before anything else", () => {
  expect(classify(given(5), message(1), "b", "a")).toEqual({
    kind: "partition-mismatch",
    expected: 'partition "a"',
    actual: 'partition "b"',
  });
});

test("a remembered message is sixteen hex digits, of its source and its id", () => {
  const hash = idHash(message(1));

  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(idHash(message(1, "a#2"))).not.toBe(hash);
  expect(idHash({ ...message(1), source: "urn:other" })).not.toBe(hash);
});

test.for([5, 1, 7])("the same id of another source is a conflict at sequence %i", (sequence) => {
  const rival = { ...message(sequence), source: "urn:other" };

  expect(classify(given(5, 7), rival, "a", "a")).toMatchObject({
    kind: "conflict",
    actual: textWith('"urn:other"'),
  });
});
