// A lost tail leaves no gap: it is found by comparing the log with the heads, and sent again.
import { beforeEach, expect, test } from "vitest";
import { memoryCommitLog, memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  type Head,
  neverWritten,
  nextCommit,
  type ParkedMessage,
  reconcile,
  reconcileAll,
  type ReconcileOptions,
} from "#messaging";
import { start } from "../../support/consumer-world.ts";

const at = (ms: number): EpochMs => (start + ms) as EpochMs;
const HOUR = 3_600_000;

let store: ReturnType<typeof memoryEventStore>;
let queue: ReturnType<typeof memoryFifoSender>;
let heads: Map<string, Head>;

beforeEach(() => {
  store = memoryEventStore();
  queue = memoryFifoSender();
  heads = new Map();
});

async function events(stream: string, count: number, recordedAt: EpochMs): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    const before = await store.read(stream);
    const event = { type: before.length === 0 ? "placed" : "moved", data: {} };
    await store.append(nextCommit(stream, before, { events: [event], recordedAt }));
  }
}

const applied = (stream: string, last: number, over: Partial<Head> = {}): void => {
  heads.set(stream, { ...neverWritten(stream), version: 1, last, ...over });
};

const optionsFor = (types: readonly string[]): ReconcileOptions => ({
  log: memoryCommitLog(store),
  store,
  readers: [{ heads: { read: async (stream) => heads.get(stream) }, sender: queue, types }],
  source: "urn:test",
  clock: { now: () => at(HOUR) },
  newId: () => "r",
});

const compared = (types: readonly string[] = ["placed", "moved"], since = at(0)) =>
  reconcile(optionsFor(types), since);

const sent = () => queue.accepted.map(({ deduplicationId }) => deduplicationId);

test("what a consumer lacks at the end of a stream is sent again, and nothing else", async () => {
  await events("whole", 3, at(0));
  applied("whole", 3);
  await events("behind", 4, at(0));
  applied("behind", 2);
  await events("unseen", 2, at(0));

  expect(await compared()).toEqual({ streams: 3, behind: 2, messages: 4 });
  expect(sent().toSorted()).toEqual(["behind#3#r", "behind#4#r", "unseen#1#r", "unseen#2#r"]);
});

test("what waits parked is there; a closed stream lacks nothing", async () => {
  const parked: ParkedMessage = {
    sequence: 4,
    hash: "0".repeat(16),
    parkedAt: at(0),
    reason: "early",
  };
  await events("parked", 5, at(0));
  applied("parked", 1, { parked: [parked] });
  await events("closed", 5, at(0));
  applied("closed", 3, { closed: true });

  expect(await compared()).toEqual({ streams: 2, behind: 1, messages: 1 });
  expect(sent()).toEqual(["parked#5#r"]);
});

test("what is still on its way is left alone, and so is what was written before", async () => {
  await events("fresh", 1, at(HOUR - 299_999));
  await events("old", 1, at(0));

  expect(await compared(undefined, at(1))).toEqual({ streams: 0, behind: 0, messages: 0 });
});

test("a reader of some types is compared by those", async () => {
  await events("a", 3, at(0));
  applied("a", 1);
  await events("b", 3, at(0));

  expect(await compared(["placed"])).toEqual({ streams: 2, behind: 1, messages: 1 });
  expect(sent()).toEqual(["b#1#r"]);
});

test("a stream that cannot be compared keeps no other from it, and is told", async () => {
  for (const stream of ["a", "b", "c"]) await events(stream, 1, at(0));
  const away = new Error("away");
  heads.get = (stream) => {
    if (stream === "a") throw away;
    return undefined;
  };

  await expect(compared()).rejects.toMatchObject({
    message: 'Stream "a" could not be brought up to sequence 1: Error: away',
    cause: away,
  });

  expect(sent().toSorted()).toEqual(["b#1#r", "c#1#r"]);
});

test("a producer that cannot be compared keeps no other from it, and is told", async () => {
  await events("unseen", 2, at(0));
  const healthy = optionsFor(["placed", "moved"]);
  const ill: ReconcileOptions = {
    ...healthy,
    log: {
      since() {
        throw new Failure("store-unavailable", "retry", "the log is away");
      },
    },
  };

  await expect(reconcileAll([ill, healthy], at(0))).rejects.toThrow("the log is away");
  expect(sent()).toEqual(["unseen#1#r", "unseen#2#r"]);
  expect(await reconcileAll([healthy, healthy], at(0))).toMatchObject({ streams: 2, messages: 4 });
});
