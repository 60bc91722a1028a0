// A table's change stream as the relay reads it, with commits as the store writes them.
import { expect, test } from "vitest";
import { changeOf } from "#adapters/aws/dynamodb/change-stream";
import { commitItem, commitOf } from "#adapters/aws/dynamodb/commit-items";
import { besideAction } from "#adapters/aws/dynamodb/head-keys";
import { type AuditRecord, type Commit, nextCommit, type Violation } from "#messaging";
import { start } from "../../support/consumer-world.ts";
import { textWith } from "../../support/matching.ts";

const commit: Commit = nextCommit("a", [], {
  events: [
    { type: "x", data: { text: "é" } },
    { type: "y", data: {} },
  ],
  recordedAt: start,
  fingerprint: "f",
  traceparent: "t",
});

const image = (item: object) => JSON.parse(JSON.stringify(item)) as Record<string, { S: string }>;

const record = (eventName: string, item: object, SequenceNumber = "1") => ({
  eventName,
  dynamodb: { SequenceNumber, NewImage: image(item) },
});

test("an added commit is read as it was written, by its position", () => {
  const change = changeOf(record("INSERT", commitItem(commit, "attempt"), "42"));

  expect(change).toEqual({ position: "42", content: { kind: "commit", commit } });
});

test.for([
  ["a changed commit", record("MODIFY", commitItem(commit, "attempt"))],
  ["a removed commit", { eventName: "REMOVE", dynamodb: { SequenceNumber: "1" } }],
  ["a new head", record("INSERT", { pk: { S: "a" }, sk: { S: "head#c" }, head: { S: "{}" } })],
  ["an item of another shape", record("INSERT", { id: { S: "a" } })],
  ["an insert without an image", { eventName: "INSERT", dynamodb: { SequenceNumber: "1" } }],
] as const)("%s is not an event", ([, some]) => {
  expect(changeOf(some)).toEqual({ position: "1", content: { kind: "other" } });
});

test.for([
  ["a newer format", { format: { N: "2" } }],
  ["torn events", { events: { S: '[{"type":' } }],
  ["no events", { events: { S: "[]" } }],
  ["an event without its sequence", { events: { S: '[{"type":"x","data":{}}]' } }],
  ["no time", { recordedAt: { S: "noon" } }],
] as const)("a commit with %s is unreadable, and the cause names it", ([, change]) => {
  const { content } = changeOf(record("INSERT", { ...commitItem(commit, "attempt"), ...change }));

  expect(content).toMatchObject({
    kind: "unreadable",
    failure: {
      action: "retry",
      message: textWith("commit#0000000001 of stream a cannot be read"),
    },
  });
});

const violation: Violation = {
  kind: "sequence-conflict",
  severity: "critical",
  sequence: 2,
  messageId: "m",
  expected: "e",
  actual: "a",
  at: start,
};

/** As the head store writes it, beside the head of version 12. */
const audited = (kept: object, consumer = "list") => {
  const place = { table: "t", consumer };
  const write = { kind: "record", record: kept as AuditRecord } as const;
  return besideAction(place, { stream: "a", version: 12 }, write, 3).Put?.Item ?? {};
};

const filing = { kind: "violation", at: start, violation };

test.for(["list", "two words"])("a violation that was filed by %s is read", (consumer) => {
  expect(changeOf(record("INSERT", audited(filing, consumer))).content).toEqual({
    kind: "violation",
    filed: { consumer, stream: "a", version: 12, index: 3, violation },
  });
});

test.for([
  ["another record", audited({ kind: "gap-skipped", at: start, skipped: { from: 1, to: 2 } })],
  ["a parked body", { pk: { S: "a" }, sk: { S: "parked#c#1" }, message: { S: "{}" } }],
] as const)("beside a violation, %s is not an event", ([, item]) => {
  expect(changeOf(record("INSERT", item)).content).toEqual({ kind: "other" });
});

test.for([
  ["torn", { ...audited(filing), record: { S: "{" } }, "no JSON object"],
  [
    "of a kind that is not known here",
    audited({ ...filing, violation: { ...violation, kind: "novel" } }),
    "no kind that is known",
  ],
] as const)("a violation that is %s is unreadable, and the cause names its stream", (row) => {
  const [, item, why] = row;
  expect(changeOf(record("INSERT", item)).content).toMatchObject({
    kind: "unreadable",
    failure: { message: textWith('of stream "a" cannot be read') },
  });
  expect(changeOf(record("INSERT", item)).content).toMatchObject({
    failure: { message: textWith(why) },
  });
});

test("sort keys sort as numbers do", () => {
  const keys = [2, 10, 9_999_999_999].map(
    (number) => commitItem({ ...commit, number }, "attempt")["sk"]?.S ?? "",
  );

  expect(keys.toSorted()).toEqual(keys);
});

test.for([0, -1, 1.5, 10_000_000_000])("commit number %d has no key", (number) => {
  expect(() => commitItem({ ...commit, number }, "attempt")).toThrow(`received ${number}`);
});

test("a commit without an event cannot be written", () => {
  expect(() => commitItem({ ...commit, events: [] }, "attempt")).toThrow("has no event");
});

test("what an item does not have, its commit does not have", () => {
  const plain = nextCommit("a", [], { events: [{ type: "x", data: {} }], recordedAt: start });

  expect(commitOf(commitItem(plain, "attempt"))).toStrictEqual(plain);
});
