// The sweep finds the streams that are due and sends each an occasion, nothing else.
import { expect, test } from "vitest";
import { memoryHeadIndex } from "#adapters/memory/head-store";
import { Failure } from "#kernel/failure";
import { later, milliseconds } from "#kernel/units";
import { type FifoSender, type OutgoingMessage, encode, sweep } from "#messaging";
import {
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  refusals,
  unhurried,
} from "../../support/consumer-world.ts";

const DEADLINE = milliseconds(1_000);

/** Each stream misses its first message. */
async function gaps(streams: readonly string[]) {
  const { failures, refuse } = refusals();
  const recovery = { severity: "critical", recovery: { kind: "skip-and-continue" } } as const;
  const world = consumerWorld({
    refuse,
    settings: { gapDeadlineMs: DEADLINE },
    recovery: { gap: recovery },
  });
  const deliver = deliveries();
  for (const stream of streams) {
    await world.sandbox().consume([deliver(envelope(stream, 2))], unhurried);
    world.clock.at = later(world.clock.at, milliseconds(1));
  }
  const sent: OutgoingMessage[] = [];
  const sender: FifoSender = { send: async (messages) => void sent.push(...messages) };
  let ids = 0;
  const swept = (over: Partial<Parameters<typeof sweep>[0]> = {}) =>
    sweep({
      index: memoryHeadIndex(world.store),
      sender,
      clock: world.clock,
      newId: () => `tick-${(ids += 1)}`,
      source: "urn:test:sweep",
      ...over,
    });
  return { world, failures, sent, swept };
}

test("nothing is sent before a deadline has passed", async () => {
  const { sent, swept } = await gaps(["a", "b"]);

  expect(await swept()).toEqual([]);
  expect(sent).toEqual([]);
});

test("each due stream gets one tick through its own group, and what was due is done", async () => {
  const { world, sent, swept } = await gaps(["a", "b"]);
  world.clock.at = later(world.clock.at, DEADLINE);

  const streams = await swept();
  const records = sent.map(({ envelope: tick, group }, index) => ({
    receiptId: `tick-${index}`,
    group,
    body: encode(tick),
  }));
  await world.sandbox().consume(records, unhurried);

  expect(streams).toEqual(["a", "b"]);
  expect(sent.map(({ group, deduplicationId }) => [group, deduplicationId])).toEqual([
    ["a", "tick-1"],
    ["b", "tick-2"],
  ]);
  expect(await world.applied("a")).toEqual([2]);
  expect(await swept()).toEqual([]);
});

test("a sweep is bounded: the longest due come first, the rest in the next", async () => {
  const { world, swept } = await gaps(["a", "b", "c"]);
  world.clock.at = later(world.clock.at, DEADLINE);

  expect(await swept({ streamsMax: 2 })).toEqual(["a", "b"]);
});

test("the group is the consumer's: streams may share one", async () => {
  const { world, sent, swept } = await gaps(["a"]);
  world.clock.at = later(world.clock.at, DEADLINE);

  await swept({ groupOf: () => "shared" });

  expect(sent.map(({ group }) => group)).toEqual(["shared"]);
});

test("a halted stream is not due: only a person can help it", async () => {
  const { world, failures, swept } = await gaps([]);
  failures.set("a#1", lasting);
  await world.sandbox().consume([deliveries()(envelope("a", 1))], unhurried);
  world.clock.at = later(world.clock.at, milliseconds(10 * DEADLINE));

  expect(await swept()).toEqual([]);
});

const away = new Failure("store-unavailable", "retry", "away");
const never = new Failure("malformed-message", "reject", "no such group");

/** Refuses whatever is sent together with one of these streams. */
function refusing(streams: readonly string[], failure: Failure) {
  const sends: (readonly string[])[] = [];
  const sender: FifoSender = {
    async send(messages) {
      const groups = messages.map(({ group }) => group);
      if (groups.some((group) => streams.includes(group))) throw failure;
      sends.push(groups);
    },
  };
  return { sends, sender };
}

test("one stream that can never be sent to keeps no other from its tick, and is told", async () => {
  const { world, swept } = await gaps(["a", "b", "c"]);
  world.clock.at = later(world.clock.at, DEADLINE);
  const { sends, sender } = refusing(["b"], never);

  await expect(swept({ sender })).rejects.toBe(never);

  expect(sends).toEqual([["a"], ["c"]]);
});

test("a send that fails for a passing cause leaves the others to the next hundred", async () => {
  const streams = Array.from({ length: 201 }, (_, index) => `s${index}`);
  const { world, swept } = await gaps([]);
  const { sends, sender } = refusing(["s0"], away);

  await expect(swept({ sender, index: { due: async () => streams } })).rejects.toBe(away);

  expect(sends.map(({ length }) => length)).toEqual([100, 1]);
  expect(world.events).toEqual([]);
});

test("what the index throws is thrown: nothing is sent", async () => {
  const { sent, swept } = await gaps(["a"]);

  await expect(swept({ index: { due: () => Promise.reject(away) } })).rejects.toBe(away);

  expect(sent).toEqual([]);
});
