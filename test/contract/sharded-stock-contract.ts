/**
 * What stock over counters must do beside the contract of every stock store: hot SKUs with shards,
 * holds that come to their end, and no unit made or lost by any of it.
 */
import { beforeEach, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { shardedAdjustments } from "#services/inventory/adjust-units";
import { expireHolds } from "#services/inventory/expire-holds";
import type { DueHolds, StockBook, StockItems, StockWrite } from "#services/inventory/ports";
import { readStock } from "#services/inventory/read-stock";
import { setShards } from "#services/inventory/set-shards";
import { shardedStock } from "#services/inventory/sharded-stock";
import { emptyItem } from "#services/inventory/stock-counters";
import { verifyStock } from "#services/inventory/verify-stock";
import { seededRng } from "#kernel/rng";

const noon = 1_700_000_000_000 as EpochMs;
const end = 1_700_000_060_000 as EpochMs;
const justBefore = 1_700_000_059_999 as EpochMs;

export type CountersUnderTest = {
  readonly items: StockItems;
  readonly holds: DueHolds;
  readonly book: StockBook;
};

export function shardedStockContract(open: () => CountersUnderTest): void {
  let table: CountersUnderTest;
  let sku: string;

  beforeEach(() => {
    table = open();
    sku = fresh("sku");
  });

  /** Each knows nothing of what another has learnt, as two functions do. */
  const aFunction = () => shardedStock({ items: table.items, rng: seededRng(7) });
  const counters = async (made: number) => {
    const ids = Array.from({ length: made + 1 }, (_, shard) => ({ sku, shard }));
    const items = await table.items.snapshot(ids);
    return items.toSorted((a, b) => a.shard - b.shard).map(({ available }) => available);
  };
  const level = () => readStock({ stock: aFunction() }, sku);
  const buy = (stock: ReturnType<typeof aFunction>, quantity: number, order = fresh("order")) =>
    untilDecided(() => stock.reserve(order, [{ sku, quantity }], end));
  const nothingIsLost = async () => {
    const { told } = await verifyStock(table.book);
    expect(told.filter((difference) => difference.includes(sku))).toEqual([]);
  };

  test("its units are spread evenly over its shards, and back to one", async () => {
    await aFunction().receive(sku, 10);

    const first = await setShards(table.items, { sku, shards: 4 });
    const spread = await counters(4);
    const second = await setShards(table.items, { sku, shards: 1 });

    expect(first).toEqual({ sku, shards: 4, movedUnits: 10 });
    expect(spread).toEqual([0, 3, 3, 2, 2]);
    expect(second).toEqual({ sku, shards: 1, movedUnits: 10 });
    expect(await counters(4)).toEqual([10, 0, 0, 0, 0]);
    expect(await level()).toMatchObject({ onHand: 10, reserved: 0, available: 10 });
    await nothingIsLost();
  });

  test("set again, the same number moves nothing", async () => {
    await aFunction().receive(sku, 10);
    await setShards(table.items, { sku, shards: 3 });

    expect(await setShards(table.items, { sku, shards: 3 })).toMatchObject({ movedUnits: 0 });
  });

  test("a SKU that was never received has no shards", async () => {
    await expect(setShards(table.items, { sku, shards: 2 })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("a refused shard is followed by all others before it is out of stock", async () => {
    const stock = aFunction();
    await stock.receive(sku, 5);
    await setShards(table.items, { sku, shards: 5 });

    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push((await buy(stock, 1)).kind);

    expect(answers).toEqual([...Array.from({ length: 5 }, () => "reserved"), "out-of-stock"]);
    expect(await level()).toMatchObject({ reserved: 5, available: 0 });
    await nothingIsLost();
  });

  test("several shards serve one line, and are given back where they were taken", async () => {
    const stock = aFunction();
    await stock.receive(sku, 9);
    await setShards(table.items, { sku, shards: 3 });
    const order = fresh("order");

    const answer = await buy(stock, 8, order);
    const sold = await counters(3);
    await stock.release(order, noon);

    expect(answer).toEqual({ kind: "reserved" });
    expect(sold.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
    expect(await counters(3)).toEqual([0, 3, 3, 3]);
    await nothingIsLost();
  });

  test("a function that knows fewer or more shards than there are finds every unit", async () => {
    const [before, after] = [aFunction(), aFunction()];
    await before.receive(sku, 4);
    await buy(before, 1);
    await setShards(table.items, { sku, shards: 8 });
    await buy(after, 1);
    await buy(before, 1);
    await setShards(table.items, { sku, shards: 2 });

    expect(await buy(after, 1)).toEqual({ kind: "reserved" });
    expect(await buy(before, 1)).toEqual({
      kind: "out-of-stock",
      short: [{ sku, requested: 1, available: 0 }],
    });
    expect(await level()).toMatchObject({ onHand: 4, reserved: 4 });
    await nothingIsLost();
  });

  test("units in too many shards for one transaction are refused by their SKUs", async () => {
    const stock = aFunction();
    const skus = Array.from({ length: 4 }, () => fresh("wide"));
    for (const each of skus) await table.items.write(oneUnitInEach(each, 32));
    const lines = skus.map((each) => ({ sku: each, quantity: 32 }));

    const answer = await stock.reserve(fresh("order"), lines, end);

    expect(answer).toEqual({ kind: "scattered", skus });
    const few = await stock.reserve(fresh("order"), lines.slice(0, 3), end);
    expect(few).toEqual({ kind: "reserved" });
  });

  test("97 SKUs are one transaction, 98 are refused", async () => {
    const stock = aFunction();
    const lines = Array.from({ length: 98 }, () => ({ sku: fresh("many"), quantity: 1 }));
    await Promise.all(lines.map((line) => stock.receive(line.sku, 1)));

    const refused = stock.reserve(fresh("order"), lines, end);

    await expect(refused).rejects.toMatchObject({ code: "invalid-request", action: "reject" });
    expect(await stock.reserve(fresh("order"), lines.slice(1), end)).toEqual({ kind: "reserved" });
  });

  test("receiving and adjusting a SKU with shards counts all of them", async () => {
    const stock = aFunction();
    const adjustments = shardedAdjustments({ items: table.items, rng: seededRng(7) });
    const adjust = (delta: number) =>
      adjustments.adjust({ id: fresh("adj"), sku, delta, reason: "counted", adjustedAt: noon });
    await stock.receive(sku, 9);
    await setShards(table.items, { sku, shards: 3 });

    const written = [await stock.receive(sku, 9), await stock.receive(sku, 12)];
    const taken = [(await adjust(-11)).kind, (await adjust(-2)).kind, (await adjust(5)).kind];

    expect(written).toEqual([false, true]);
    expect(taken).toEqual(["recorded", "short", "recorded"]);
    expect(await level()).toMatchObject({ onHand: 6, available: 6 });
    expect(await counters(3)).toEqual([0, 2, 2, 2]);
    await nothingIsLost();
  });

  test("fifty buyers while its shards are set again and again buy what there is", async () => {
    const functions = Array.from({ length: 5 }, aFunction);
    await functions[0]?.receive(sku, 20);
    const buyers = Array.from({ length: 50 }, (_, index) => {
      const stock = functions[index % functions.length] ?? aFunction();
      return buy(stock, 1);
    });
    const setting = [3, 6, 1, 4].map((shards) =>
      untilDecided(() => setShards(table.items, { sku, shards })),
    );

    const answers = await Promise.all(buyers);
    await Promise.all(setting);

    const sold = answers.filter(({ kind }) => kind === "reserved").length;
    const { onHand, reserved } = await level();
    expect(onHand).toBe(20);
    expect(reserved).toBe(sold);
    const more = [];
    for (let left = 20 - sold; left >= 0; left -= 1) more.push((await buy(aFunction(), 1)).kind);
    expect(more.at(-1)).toBe("out-of-stock");
    expect(more.slice(0, -1).every((kind) => kind === "reserved")).toBe(true);
    await nothingIsLost();
  });

  test("what is due is given back once; what is committed, or held longer, is not", async () => {
    const stock = aFunction();
    await stock.receive(sku, 10);
    await setShards(table.items, { sku, shards: 2 });
    const [due, committed, longer] = [fresh("due"), fresh("committed"), fresh("longer")];
    // Before the holds of all other tests, which are in the same table.
    const soon = (noon - 1_000) as EpochMs;
    const sooner = (soon - 1) as EpochMs;
    await stock.reserve(due, [{ sku, quantity: 3 }], soon);
    await stock.reserve(committed, [{ sku, quantity: 2 }], soon);
    await stock.reserve(longer, [{ sku, quantity: 1 }], (soon + 1) as EpochMs);
    await stock.commit(committed, sooner);
    const counted: Record<string, number> = {};
    const run = (now: EpochMs) =>
      expireHolds({ ...table, count: (name, value) => void (counted[name] = value) }, now);

    const early = await run(sooner);
    const inTime = await run(soon);
    const again = await run(soon);

    expect([early, inTime, again].map(({ expired }) => expired)).toEqual([0, 1, 0]);
    expect(counted).toEqual({ HoldsExpired: 0, HoldsOverdue: 0 });
    expect(await level()).toMatchObject({ reserved: 3, available: 7 });
    expect(await stock.commit(due, sooner)).toBe("not-held");
    expect(await stock.release(due, end)).toBe("already-released");
    expect(await stock.reserve(due, [{ sku, quantity: 1 }], end)).toEqual({ kind: "released" });
    await nothingIsLost();
  });

  test("of a commit and an expiry at the same moment exactly one happens", async () => {
    const stock = aFunction();
    await stock.receive(sku, 20);
    const orders = Array.from({ length: 10 }, () => fresh("order"));
    for (const order of orders) await buy(stock, 2, order);
    const expire = () => expireHolds({ ...table, count: () => undefined }, end);

    const [commits] = await Promise.all([
      Promise.all(orders.map((order) => untilDecided(() => stock.commit(order, justBefore)))),
      untilDecided(expire),
    ]);
    await untilDecided(expire);

    const committed = commits.filter((answer) => answer === "committed").length;
    expect(await level()).toMatchObject({ onHand: 20, reserved: 2 * committed });
    const shipped = await Promise.all(orders.map((order) => stock.ship(order, end)));
    expect(shipped.filter((answer) => answer === "shipped")).toHaveLength(committed);
    await nothingIsLost();
  });
}

const oneUnitInEach = (sku: string, shards: number): readonly StockWrite[] => [
  { kind: "new-item", item: { ...emptyItem(sku, 0), shards, made: shards } },
  ...Array.from({ length: shards }, (_, index): StockWrite => {
    const item = { ...emptyItem(sku, index + 1), available: 1, received: 1 };
    return { kind: "new-item", item };
  }),
];

let named = 0;

/** Names of its own for each test, since one table serves them all. */
const fresh = (name: string): string => {
  named += 1;
  return `${name}-${named}`;
};

/** A store may ask to come back. */
async function untilDecided<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= 20 || (error as { action?: unknown }).action !== "retry") throw error;
    }
  }
}
