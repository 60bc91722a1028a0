// An audit chain is computed again from the store that the events came from.
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { encode, nextCommit, relay } from "#messaging";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { consumerWorld, start, unhurried } from "../../support/consumer-world.ts";
import { verifyStream } from "../../../bin/operator/verify-stream.ts";

const source = "urn:test";
const types = ["test.happened"];

async function applied(stream: string, count: number) {
  const store = memoryEventStore();
  const queue = memoryFifoSender();
  const out = relay({ source, routes: [{ types, sender: queue }], bus: memoryEventBus() });
  for (let each = 1; each <= count; each += 1) {
    const event = { type: "test.happened", data: { each } };
    const commits = await store.read(stream);
    const commit = nextCommit(stream, commits, { events: [event], recordedAt: start });
    await store.append(commit);
    await out.forward([{ position: `${each}`, content: { kind: "commit", commit } }]);
  }
  const world = consumerWorld();
  const records = queue.accepted.map(({ envelope, group, deduplicationId }) => {
    return { receiptId: deduplicationId, group, body: encode(envelope) };
  });
  await world.sandbox().consume(records, unhurried);
  return { store, head: await world.head(stream), audit: { records: async () => [] } };
}

test("what was applied is verified by the log that it came from", async () => {
  const { store, head, audit } = await applied("a", 3);

  expect(await verifyStream({ store, source, types }, audit, head)).toEqual({
    isRight: true,
    text: "verified: what was applied up to 3 is the log's",
  });
});

test("a log that says something else, or less, is told", async () => {
  const { store, head, audit } = await applied("a", 3);
  const [first, second, third] = await store.read("a");
  const forged = third && { ...third, events: third.events.map((one) => ({ ...one, data: {} })) };
  const having = (...commits: readonly (typeof first)[]) => ({
    store: { ...store, read: async () => commits.flatMap((commit) => commit ?? []) },
    source,
    types,
  });

  const other = await verifyStream(having(first, second, forged), audit, head);
  const less = await verifyStream(having(first, second), audit, head);

  expect(other.isRight).toBe(false);
  expect(other.text).toMatch(/^broken: the log gives [0-9a-f]+, the head has [0-9a-f]+$/);
  expect(less).toEqual({ isRight: false, text: "not verifiable: the log lacks sequence 3" });
});
