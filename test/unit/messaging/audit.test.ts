// The audit chain: a verifier who has only the producer's log comes to the head's hash, and to no
// other.
import { expect, test } from "vitest";
import { auditNext, auditStart, type Message } from "#messaging";
import { consumerWorld, deliveries, envelope, unhurried } from "../../support/consumer-world.ts";

const log = (stream: string, ...sequences: readonly number[]): readonly Message[] =>
  sequences.map((sequence) => {
    const { id, source, type, data } = envelope(stream, sequence);
    return { id, source, type, data, stream, sequence };
  });

const chain = (stream: string, messages: readonly Message[]): string =>
  messages.reduce(auditNext, auditStart(stream));

test("the head's chain is the log's, however the messages came", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  for (const batch of [[2, 4], [1, 1], [3]]) {
    const records = batch.map((sequence) => deliver(envelope("a", sequence)));
    await world.sandbox().consume(records, unhurried);
  }

  const head = await world.heads.read("a");

  expect(head?.audit).toBe(chain("a", log("a", 1, 2, 3, 4)));
});

test.for([
  ["another order", log("a", 2, 1)],
  ["a missing message", log("a", 1)],
  ["another id", log("a", 1, 2).map((one) => ({ ...one, id: `${one.id}x` }))],
  ["another type", log("a", 1, 2).map((one) => ({ ...one, type: "test.other" }))],
  ["another content", log("a", 1, 2).map((one) => ({ ...one, data: { step: 0 } }))],
] as const)("%s has another chain", ([, messages]) => {
  expect(chain("a", messages)).not.toBe(chain("a", log("a", 1, 2)));
});

test("equal messages of two streams have different chains", () => {
  expect(chain("a", log("a", 1))).not.toBe(chain("b", log("a", 1)));
});

test("the order of keys says nothing", () => {
  const [one] = log("a", 1);
  if (one === undefined) throw new Error("no message");

  const there = chain("a", [{ ...one, data: { x: 1, y: { p: 1, q: 2 } } }]);
  const back = chain("a", [{ ...one, data: { y: { q: 2, p: 1 }, x: 1 } }]);

  expect(there).toBe(back);
});
