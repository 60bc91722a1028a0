/**
 * What every table of stock must do: its conditions, its holds that come to their end, its log of
 * adjustments and its entries.
 */
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type {
  AdjustmentLog,
  DueHolds,
  Hold,
  HoldStatus,
  StockBook,
  StockItem,
  StockItems,
  StockWrite,
  UnitChange,
} from "#services/inventory/ports";

const noon = 1_700_000_000_000 as EpochMs;
const at = (ms: number): EpochMs => (noon + ms) as EpochMs;

export type StockTable = {
  readonly items: StockItems;
  readonly holds: DueHolds;
  readonly log: AdjustmentLog;
  readonly book: StockBook;
};

export function stockItemsContract(open: () => StockTable): void {
  const made = async (over: Partial<StockItem> = {}): Promise<StockItem> => {
    const item = { ...empty, sku: fresh("sku"), available: 5, received: 5, ...over };
    expect(await open().items.write([{ kind: "new-item", item }])).toBeUndefined();
    return item;
  };
  const heldUntil = async (expiresAt: EpochMs): Promise<Hold> => {
    const hold = holdOf({ expiresAt });
    expect(await open().items.write([{ kind: "new-hold", hold }])).toBeUndefined();
    return hold;
  };
  const units = (item: StockItem, change: UnitChange, receivedBefore?: number): StockWrite => ({
    kind: "units",
    item: { sku: item.sku, shard: item.shard },
    change,
    ...(receivedBefore !== undefined && { receivedBefore }),
  });

  test("counters are found, those that are not there are left out", async () => {
    const { items } = open();
    const base = await made({ shards: 2, made: 2 });
    const shard = await made({ sku: base.sku, shard: 2 });
    const ids = [base, shard, { sku: base.sku, shard: 1 }].map(({ sku, shard: number }) => ({
      sku,
      shard: number,
    }));

    for (const found of [await items.items(ids), await items.snapshot(ids)]) {
      expect(found.toSorted((a, b) => a.shard - b.shard)).toEqual([base, shard]);
    }
    expect(await items.items([])).toEqual([]);
  });

  test("units change by what is said, down to 0 and no further", async () => {
    const { items } = open();
    const item = await made();

    const taken = await items.write([units(item, { available: -5, reserved: 5 })]);
    const tooMany = await items.write([units(item, { available: -1, reserved: 1 })]);
    const tooManyBack = await items.write([units(item, { available: 6, reserved: -6 })]);

    const left = { ...item, available: 0, reserved: 5 };
    expect(taken).toBeUndefined();
    expect(tooMany).toMatchObject([{ isRefused: true, item: left }]);
    expect(tooManyBack).toMatchObject([{ isRefused: true, item: left }]);
    expect(await items.items([item])).toEqual([left]);
  });

  test("a counter that is not there has no units, neither more nor fewer", async () => {
    const ghost = { ...empty, sku: fresh("ghost") };

    const outcomes = await open().items.write([units(ghost, { available: 1 })]);

    expect(outcomes?.map(({ isRefused }) => isRefused)).toEqual([true]);
    expect(outcomes?.[0]?.item).toBeUndefined();
    expect(await open().items.items([ghost])).toEqual([]);
  });

  test("what has been received may be a condition", async () => {
    const { items } = open();
    const item = await made();

    const stale = await items.write([units(item, { available: 1, received: 1 }, 4)]);
    const fitting = await items.write([units(item, { available: 1, received: 1 }, 5)]);

    expect(stale).toMatchObject([{ isRefused: true, item }]);
    expect(fitting).toBeUndefined();
  });

  test("all writes or none, and what stands in the way of which", async () => {
    const { items } = open();
    const [rich, poor] = [await made(), await made({ available: 0, received: 0 })];
    const present = await heldUntil(at(1_000));
    const take = { available: -1, reserved: 1 };

    const outcomes = await items.write([
      { kind: "new-hold", hold: { ...present, units: [] } },
      units(rich, take),
      units(poor, take),
    ]);

    expect(outcomes).toMatchObject([
      { isRefused: true, hold: present },
      { isRefused: false },
      { isRefused: true, item: poor },
    ]);
    expect(await items.items([rich])).toEqual([rich]);
  });

  test("shards are set where they are as they were seen", async () => {
    const { items } = open();
    const base = await made();
    const set = (from: number, to: number) =>
      items.write([
        {
          kind: "shards",
          sku: base.sku,
          from: { shards: from, made: from === 1 ? 0 : from },
          to: { shards: to, made: to },
        },
      ]);

    expect(await set(1, 4)).toBeUndefined();
    expect(await set(1, 8)).toMatchObject([{ isRefused: true, item: { shards: 4, made: 4 } }]);
    expect(await items.items([base])).toEqual([{ ...base, shards: 4, made: 4 }]);
  });

  const statuses: readonly HoldStatus[] = ["committed", "shipped", "released", "expired"];

  test.each(statuses)("a hold becomes %s from the status that it has", async (to) => {
    const { items } = open();
    const hold = await heldUntil(at(1_000));
    const change = { kind: "hold-status", key: keyOf(hold), to, now: noon, expiry: "any" } as const;

    const wrong = await items.write([{ ...change, from: "released" }]);
    const right = await items.write([{ ...change, from: "held" }]);

    expect(wrong).toMatchObject([{ isRefused: true, hold }]);
    expect(right).toBeUndefined();
    expect(await items.hold(keyOf(hold))).toEqual({ ...hold, status: to });
  });

  test("a hold's end is compared with the caller's clock, to the millisecond", async () => {
    const { items } = open();
    const asked = async (expiry: "ahead" | "past", now: EpochMs) => {
      const hold = await heldUntil(at(1_000));
      const key = keyOf(hold);
      const change = { kind: "hold-status", key, from: "held", to: "released" } as const;
      return (await items.write([{ ...change, now, expiry }])) === undefined;
    };

    expect(await asked("ahead", at(999))).toBe(true);
    expect(await asked("ahead", at(1_000))).toBe(false);
    expect(await asked("past", at(999))).toBe(false);
    expect(await asked("past", at(1_000))).toBe(true);
  });

  test("an owner stays with the hold; an order and a reservation of one id are two", async () => {
    const { items } = open();
    const hold = holdOf({ owner: "ann", of: "reservation" });
    await items.write([{ kind: "new-hold", hold }]);

    expect(await items.hold(keyOf(hold))).toEqual(hold);
    expect(await items.hold({ of: "order", id: hold.id })).toBeUndefined();
  });

  test("due are the held ones whose end has come, the oldest first", async () => {
    const { items, holds } = open();
    const past = -3_000_000_000_000;
    const all = [
      await heldUntil(at(past + 300)),
      await heldUntil(at(past + 100)),
      await heldUntil(at(past + 200)),
      await heldUntil(at(past + 400)),
    ];
    const [third, first, second, later] = all;
    const ended = await heldUntil(at(past + 50));
    const change = { kind: "hold-status", from: "held", now: noon, expiry: "any" } as const;
    await items.write([{ ...change, key: keyOf(ended), to: "committed" }]);

    const due = await holds.due(at(past + 300), 10);

    const ids = due.map(({ key }) => key.id);
    expect(ids).toEqual([first?.id, second?.id, third?.id]);
    expect(ids).not.toContain(later?.id);
    expect(due[0]).toEqual({ key: keyOf(first ?? ended), expiresAt: at(past + 100) });
    expect((await holds.due(at(past + 300), 2)).map(({ key }) => key.id)).toEqual([
      first?.id,
      second?.id,
    ]);
    await Promise.all(
      all.map((hold) => items.write([{ ...change, key: keyOf(hold), to: "released" }])),
    );
    expect(await holds.due(at(past + 400), 10)).toEqual([]);
  });

  test("a SKU's adjustments, the newest first, page by page", async () => {
    const { items, log } = open();
    const sku = fresh("sku");
    const all = Array.from({ length: 5 }, (_, index) => ({
      id: fresh("adjustment"),
      sku,
      delta: index - 7,
      reason: `count ${index}`,
      adjustedAt: at(index * 1_000),
    }));
    const other = { ...holdless, id: fresh("adjustment"), sku: fresh("sku") };
    for (const adjustment of [...all, other]) {
      await items.write([{ kind: "new-adjustment", adjustment }]);
    }

    const first = await log.page({ sku, limit: 3 });
    const second = await log.page({ sku, limit: 3, after: first.next ?? "" });

    expect([...first.adjustments, ...second.adjustments]).toEqual(all.toReversed());
    expect(second.next).toBeUndefined();
    expect((await log.page({ sku, limit: 5 })).next).toBeUndefined();
    expect(await log.page({ sku: fresh("sku"), limit: 5 })).toEqual({
      adjustments: [],
      next: undefined,
    });
  });

  test("an adjustment is recorded once under its id", async () => {
    const { items } = open();
    const adjustment = { ...holdless, id: fresh("adjustment"), sku: fresh("sku") };
    await items.write([{ kind: "new-adjustment", adjustment }]);

    const again = await items.write([
      { kind: "new-adjustment", adjustment: { ...adjustment, delta: 9 } },
    ]);

    expect(again).toMatchObject([{ isRefused: true, adjustment }]);
  });

  test("every entry is told once", async () => {
    const { items, book } = open();
    const item = await made();
    const hold = await heldUntil(at(1_000));
    const adjustment = { ...holdless, id: fresh("adjustment"), sku: item.sku };
    await items.write([{ kind: "new-adjustment", adjustment }]);

    const entries = [];
    for await (const entry of book.entries()) entries.push(entry);

    const own = entries.filter((entry) =>
      JSON.stringify(entry).match(new RegExp(`"(${item.sku}|${hold.id})"`)),
    );
    expect(own).toHaveLength(3);
    expect(own).toEqual(
      expect.arrayContaining([
        { kind: "item", item },
        { kind: "hold", hold },
        { kind: "adjustment", adjustment },
      ]),
    );
  });
}

const empty: Omit<StockItem, "sku"> = {
  shard: 0,
  available: 0,
  reserved: 0,
  sold: 0,
  received: 0,
  adjusted: 0,
  moved: 0,
  shards: 1,
  made: 0,
};

const holdless = { delta: 1, reason: "found", adjustedAt: noon };

const holdOf = (over: Partial<Hold>): Hold => ({
  of: "order",
  id: fresh("hold"),
  status: "held",
  units: [{ sku: "lamp", shard: 3, quantity: 2 }],
  expiresAt: noon,
  ...over,
});

const keyOf = ({ of, id }: Hold) => ({ of, id });

let named = 0;

/** Names of its own for each test, since one table serves them all. */
const fresh = (name: string): string => {
  named += 1;
  return `${name}-${named}`;
};
