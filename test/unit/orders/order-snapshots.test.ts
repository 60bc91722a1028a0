// A long order is loaded from its last snapshot and what came behind it: the same order, and never
// more than a bounded end of its stream.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { sha256Hex } from "#kernel/hash";
import type { OrderEvent } from "#services/orders/domain/events";
import type { OrderCommit } from "#services/orders/ports";
import {
  afterCommit,
  commitOf,
  newOrder,
  readOrder,
  SNAPSHOT_EVERY_COMMITS,
  SNAPSHOT_VERSION,
} from "#services/orders/usecases/order-stream";
import { confirmed, now, orderId, placed } from "../../support/order-samples.ts";

const by = { author: "ops-ann", reason: "the customer asked" };

/** A pair of events for each refund. */
const refunding = (index: number): readonly OrderEvent[] => [
  {
    type: "order.refund-requested",
    data: { ...by, refundId: `r-${index}`, amount: 1, cause: "refund" },
  },
  { type: "order.refunded", data: { refundId: `r-${index}`, paymentId: "pay-1" } },
];

const events = [placed, confirmed, ...Array.from({ length: 49 }, (_, at) => refunding(at)).flat()];

/** The commits of an order of so many events, as they are written one after the other. */
async function ordered(count: number) {
  const store = memoryEventStore();
  let order = newOrder(orderId);
  for (const event of events.slice(0, count)) {
    const commit = commitOf(order, [event], { now });
    await store.append(commit);
    order = afterCommit(order, commit);
  }
  return store;
}

const STORED = join(import.meta.dirname, "..", "..", "support", "stored-events");

/** One of each type that one order can have, as they are stored. */
function storedEvents(): readonly OrderEvent[] {
  const all = ["orders-2", "orders"].flatMap(
    (file) => JSON.parse(readFileSync(join(STORED, `${file}.json`), "utf8")) as OrderEvent[],
  );
  return [
    "order.placed",
    "order.review-requested",
    "order.review-decided",
    "order.needs-attention",
    "order.repaired",
    "order.needs-attention",
    "order.shipment-created",
    "order.confirmed",
    "order.refund-requested",
    "order.refunded",
    "order.fulfilment-reported",
    "order.return-requested",
    "order.return-received",
    "order.cancel-requested",
  ].flatMap((wanted) => all.find(({ type }) => type === wanted) ?? []);
}

const lifeOf = (happened: readonly OrderEvent[]) =>
  happened.reduce(
    (order, event) => afterCommit(order, commitOf(order, [event], { now })),
    newOrder(orderId),
  );

/** Every event, and no snapshot. */
const folded = (commits: readonly OrderCommit[]) => commits.reduce(afterCommit, newOrder(orderId));

test("an order of any length is loaded as its events fold, by one bounded read", async () => {
  const store = await ordered(events.length);
  const whole = await store.read(orderId);
  expect(whole).toHaveLength(100);

  for (let length = 0; length <= whole.length; length += 1) {
    let [reads, commits] = [0, 0];
    const loaded = await readOrder(
      {
        read: () => Promise.reject(new Error("read whole")),
        async tail(_stream, commitsMax) {
          reads += 1;
          const end = whole.slice(0, length).slice(-commitsMax);
          commits += end.length;
          return end;
        },
      },
      orderId,
    );
    const { state, lastCommit } = folded(whole.slice(0, length));
    expect({ ...loaded, length }).toMatchObject({ state, length });
    expect(loaded.lastCommit?.number).toBe(lastCommit?.number);
    expect(reads).toBe(1);
    expect(commits).toBeLessThanOrEqual(SNAPSHOT_EVERY_COMMITS);
  }
});

test("one commit of so many carries a snapshot, which is stored with it", async () => {
  const commits: readonly OrderCommit[] = await (await ordered(100)).read(orderId);

  const carrying = commits.filter(({ snapshot }) => snapshot !== undefined);

  expect(carrying.map(({ number }) => number)).toEqual(
    [1, 2, 3].map((times) => times * SNAPSHOT_EVERY_COMMITS),
  );
});

test("what is decided on a loaded order follows on its last commit", async () => {
  const store = await ordered(70);

  const commit = commitOf(await readOrder(store, orderId), refunding(99), { now });

  expect(commit.number).toBe(71);
  expect(commit.events.map(({ sequence }) => sequence)).toEqual([71, 72]);
});

test("a snapshot of other rules is not believed: the events are folded again", async () => {
  const store = await ordered(70);
  const strange = (commit: OrderCommit): OrderCommit =>
    commit.snapshot === undefined
      ? commit
      : { ...commit, snapshot: { version: SNAPSHOT_VERSION + 1, state: { phase: "unheard" } } };
  const whole = (await store.read(orderId)).map(strange);
  let reads = 0;

  const { state } = await readOrder(
    {
      async read() {
        reads += 1;
        return whole;
      },
      tail: async (_stream, commitsMax) => whole.slice(-commitsMax),
    },
    orderId,
  );

  expect(state).toEqual(folded(await store.read(orderId)).state);
  expect(reads).toBe(1);
});

test("a store without tails is read whole", async () => {
  const store = await ordered(70);
  const read = (stream: string) => store.read(stream);

  expect((await readOrder({ read }, orderId)).state).toEqual(folded(await read(orderId)).state);
});

// Whoever sees this fail has changed what an order is or what an event makes of it: raise
// SNAPSHOT_VERSION, or orders go on from states that today's rules would not have made.
test("the states in snapshots of this version are what they always were", async () => {
  const { state } = lifeOf(storedEvents());

  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expect([SNAPSHOT_VERSION, sha256Hex(JSON.stringify(state)).slice(0, 16)]).toEqual([
    3,
    "fbe3589be3965b2e",
  ]);
});
