// What a consumer misses is sent again out of the store: the relay's own envelopes, exactly the
// range, under ids that no queue has seen.
import { beforeEach, expect, test } from "vitest";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryCommitLog, memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import type { EpochMs } from "#kernel/units";
import { nextCommit, redeliveryFrom, relay, resend, resendSince } from "#messaging";
import { start } from "../../support/consumer-world.ts";

const source = "urn:test:orders";
const at = (ms: number): EpochMs => (start + ms) as EpochMs;

let store: ReturnType<typeof memoryEventStore>;
let queue: ReturnType<typeof memoryFifoSender>;
let requests: number;

beforeEach(() => {
  store = memoryEventStore();
  queue = memoryFifoSender();
  requests = 0;
});

const way = () => ({
  sender: queue,
  source,
  newId: () => {
    requests += 1;
    return `r${requests}`;
  },
});

/** One commit for each list of types, a second apart. */
async function commits(stream: string, ...all: readonly (readonly string[])[]): Promise<void> {
  for (const [index, types] of all.entries()) {
    const events = types.map((type) => ({ type, data: { type } }));
    const before = await store.read(stream);
    await store.append(nextCommit(stream, before, { events, recordedAt: at(index * 1_000) }));
  }
}

const sent = () => queue.accepted.map(({ deduplicationId }) => deduplicationId);

test("exactly the range is sent, as the relay sent it but for the deduplication id", async () => {
  await commits("a", ["x", "y"], ["x"], ["y", "x"]);
  const first = memoryFifoSender();
  const all = await store.read("a");
  await relay({
    source,
    routes: [{ types: ["x", "y"], sender: first }],
    bus: memoryEventBus(),
  }).forward(
    all.map((commit, index) => ({ position: String(index), content: { kind: "commit", commit } })),
  );

  expect(await resend({ ...way(), store }, "a", { from: 2, to: 4 })).toBe(3);

  expect(queue.accepted).toEqual(
    first.accepted
      .slice(1, 4)
      .map((message) => ({ ...message, deduplicationId: `${message.deduplicationId}#r1` })),
  );
});

test("without an end it goes on to the stream's; an unknown one has nothing", async () => {
  await commits("a", ["x"], ["y"], ["x"]);

  expect(await resend({ ...way(), store }, "a", { from: 2 })).toBe(2);
  expect(await resend({ ...way(), store }, "b", { from: 1 })).toBe(0);

  expect(sent()).toEqual(["a#2#r1", "a#3#r1"]);
});

test("asked twice it is sent twice, and only what the queue carries", async () => {
  await commits("a", ["x", "y"], ["z"]);
  const options = { ...way(), store, types: ["x", "z"] };

  await resend(options, "a", { from: 1 });
  await resend(options, "a", { from: 1 });

  expect(sent()).toEqual(["a#1#r1", "a#3#r1", "a#1#r2", "a#3#r2"]);
});

test("a long range keeps its order", async () => {
  await commits(
    "a",
    Array.from({ length: 250 }, () => "x"),
  );

  await resend({ ...way(), store, groupOf: (stream) => `g-${stream}` }, "a", { from: 1 });

  const sequences = queue.accepted.map(
    ({ envelope }) => "sequence" in envelope && envelope.sequence,
  );
  expect(sequences).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  expect(new Set(queue.accepted.map(({ group }) => group))).toEqual(new Set(["g-a"]));
});

test("everything since an instant, of all streams and no other type", async () => {
  await commits("a", ["x"], ["x", "y"], ["x"]);
  await commits("b", ["x"], ["y"]);
  await commits("c", ["x"]);
  const log = memoryCommitLog(store);

  const answer = await resendSince({ ...way(), log, types: ["x", "y"] }, at(1_000));

  expect(answer).toEqual({ streams: 2, messages: 4 });
  expect(sent().toSorted()).toEqual(["a#2#r1", "a#3#r1", "a#4#r1", "b#2#r1"]);
});

test("a redelivery answers the range, and says so when the store has less", async () => {
  await commits("a", ["x"], ["x"], ["x"]);
  const redelivery = redeliveryFrom({ ...way(), store });

  await redelivery.request("a", { from: 2, to: 3 });
  await expect(redelivery.request("a", { from: 3, to: 5 })).rejects.toMatchObject({
    code: "conflict",
    action: "retry",
    message: expect.stringContaining("has 1") as unknown,
  });

  expect(sent()).toEqual(["a#2#r1", "a#3#r1", "a#3#r2"]);
});
