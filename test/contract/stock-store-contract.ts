/**
 * What every stock store must do.
 */
import { beforeEach, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "#services/inventory/ports";

const noon = 1_700_000_000_000 as EpochMs;
const end = 1_700_000_060_000 as EpochMs;
const beforeEnd = 1_700_000_059_999 as EpochMs;
const late = 1_700_003_600_000 as EpochMs;

export function stockStoreContract(open: () => StockStore | Promise<StockStore>): void {
  let store: StockStore;

  beforeEach(async () => {
    store = await open();
  });

  test("receiving raises what is available to the level and never lowers it", async () => {
    const [chair] = names("chair");

    const written = [
      await store.receive(chair, 5),
      await store.receive(chair, 5),
      await store.receive(chair, 3),
      await store.receive(chair, 6),
    ];

    expect(written).toEqual([true, false, false, true]);
    expect(await store.levels([chair])).toEqual([{ sku: chair, onHand: 6, reserved: 0, sold: 0 }]);
  });

  test("receiving counts what is available, not what is reserved", async () => {
    const [chair, order] = names("chair", "order");
    await store.receive(chair, 5);
    await store.reserve(order, [line(chair, 4)], end);

    await store.receive(chair, 5);

    expect(await store.levels([chair])).toEqual([{ sku: chair, onHand: 9, reserved: 4, sold: 0 }]);
  });

  test("levels leave unknown SKUs out and answer more than one batch holds", async () => {
    const skus = Array.from({ length: 120 }, (_, index) => `${fresh()}-${index}`);
    await Promise.all(skus.map((sku) => store.receive(sku, 1)));

    const levels = await store.levels([...skus, fresh()]);

    expect(levels.map(({ sku }) => sku).toSorted()).toEqual(skus.toSorted());
    expect(await store.levels([])).toEqual([]);
  });

  test("a reservation takes all of its lines", async () => {
    const [chair, lamp, order] = names("chair", "lamp", "order");
    await store.receive(chair, 5);
    await store.receive(lamp, 1);

    const answer = await store.reserve(order, [line(chair, 2), line(lamp, 1)], end);

    expect(answer).toEqual({ kind: "reserved" });
    expect(await levelsOf(chair, lamp)).toEqual([
      { sku: chair, onHand: 5, reserved: 2, sold: 0 },
      { sku: lamp, onHand: 1, reserved: 1, sold: 0 },
    ]);
  });

  test("a reservation with short lines takes nothing and names their SKUs", async () => {
    const [chair, lamp, ghost, order] = names("chair", "lamp", "ghost", "order");
    await store.receive(chair, 5);
    await store.receive(lamp, 1);

    const answer = await store.reserve(order, [line(lamp, 2), line(chair, 5), line(ghost, 1)], end);

    expect(answer).toEqual({
      kind: "out-of-stock",
      short: [
        { sku: lamp, requested: 2, available: 1 },
        { sku: ghost, requested: 1, available: 0 },
      ],
    });
    expect(await levelsOf(chair, lamp)).toEqual([
      { sku: chair, onHand: 5, reserved: 0, sold: 0 },
      { sku: lamp, onHand: 1, reserved: 0, sold: 0 },
    ]);
  });

  test("an order that was short is reserved when the stock has come", async () => {
    const [chair, order] = names("chair", "order");
    await store.reserve(order, [line(chair, 1)], end);
    await store.receive(chair, 1);

    expect(await store.reserve(order, [line(chair, 1)], end)).toEqual({ kind: "reserved" });
  });

  test("a repeated reservation takes nothing more, also of the last unit", async () => {
    const [chair, order] = names("chair", "order");
    await store.receive(chair, 1);
    await store.reserve(order, [line(chair, 1)], end);

    const again = await store.reserve(order, [line(chair, 1)], end);

    expect(again).toEqual({ kind: "already-reserved" });
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 1, reserved: 1, sold: 0 }]);
  });

  test("a release gives back exactly what was reserved, once", async () => {
    const [chair, order, other] = names("chair", "order", "other");
    await store.receive(chair, 5);
    await store.reserve(order, [line(chair, 2)], end);
    await store.reserve(other, [line(chair, 3)], end);

    const answers = [await store.release(order, noon), await store.release(order, noon)];

    expect(answers).toEqual(["released", "already-released"]);
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 5, reserved: 3, sold: 0 }]);
  });

  test("a released order is never reserved again", async () => {
    const [chair, order] = names("chair", "order");
    await store.receive(chair, 5);
    await store.reserve(order, [line(chair, 2)], end);
    await store.release(order, noon);

    expect(await store.reserve(order, [line(chair, 2)], end)).toEqual({ kind: "released" });
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 5, reserved: 0, sold: 0 }]);
  });

  test("releasing an unknown order refuses its reservation should it come late", async () => {
    const [chair, order] = names("chair", "order");
    await store.receive(chair, 5);

    const answers = [await store.release(order, noon), await store.release(order, noon)];

    expect(answers).toEqual(["tombstone", "already-released"]);
    expect(await store.reserve(order, [line(chair, 1)], end)).toEqual({ kind: "released" });
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 5, reserved: 0, sold: 0 }]);
  });

  test("a hold is committed before its end, and again, whatever the time", async () => {
    const [chair, order] = names("chair", "order");
    await store.receive(chair, 5);
    await store.reserve(order, [line(chair, 2)], end);

    const answers = [await store.commit(order, beforeEnd), await store.commit(order, late)];

    expect(answers).toEqual(["committed", "committed"]);
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 5, reserved: 2, sold: 0 }]);
    expect(await store.reserve(order, [line(chair, 2)], end)).toEqual({ kind: "already-reserved" });
  });

  test("a hold is not committed at its end or later, nor one that never was", async () => {
    const [chair, order, stranger] = names("chair", "order", "stranger");
    await store.receive(chair, 5);
    await store.reserve(order, [line(chair, 2)], end);

    const answers = [
      await store.commit(order, end),
      await store.commit(order, late),
      await store.commit(stranger, noon),
    ];

    expect(answers).toEqual(["not-held", "not-held", "not-held"]);
    expect(await store.release(stranger, noon)).toBe("tombstone");
  });

  test("a released hold is not committed; a committed one is released once", async () => {
    const [chair, one, other] = names("chair", "one", "other");
    await store.receive(chair, 5);
    await store.reserve(one, [line(chair, 1)], end);
    await store.reserve(other, [line(chair, 2)], end);
    await store.release(one, noon);
    await store.commit(other, noon);

    expect(await store.commit(one, noon)).toBe("not-held");
    expect(await store.release(other, late)).toBe("released");
    expect(await store.release(other, late)).toBe("already-released");
    expect(await store.commit(other, noon)).toBe("not-held");
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 5, reserved: 0, sold: 0 }]);
  });

  test("shipping sells what is committed, once, and nothing brings it back", async () => {
    const [chair, lamp, order] = names("chair", "lamp", "order");
    await store.receive(chair, 5);
    await store.receive(lamp, 1);
    await store.reserve(order, [line(chair, 2), line(lamp, 1)], end);
    const early = await store.ship(order, noon);
    await store.commit(order, noon);

    const answers = [await store.ship(order, late), await store.ship(order, late)];

    expect(early).toBe("not-committed");
    expect(answers).toEqual(["shipped", "shipped"]);
    expect(await store.release(order, late)).toBe("shipped");
    expect(await store.commit(order, late)).toBe("committed");
    expect(await levelsOf(chair, lamp)).toEqual([
      { sku: chair, onHand: 3, reserved: 0, sold: 2 },
      { sku: lamp, onHand: 0, reserved: 0, sold: 1 },
    ]);
  });

  test("what was released or never reserved is not shipped", async () => {
    const [chair, order, stranger] = names("chair", "order", "stranger");
    await store.receive(chair, 5);
    await store.reserve(order, [line(chair, 2)], end);
    await store.release(order, noon);

    expect(await store.ship(order, noon)).toBe("not-committed");
    expect(await store.ship(stranger, noon)).toBe("not-committed");
  });

  test("commit and release of one order at once leave it either way, never both", async () => {
    const [chair] = names("chair");
    await store.receive(chair, 100);

    for (let round = 0; round < 10; round += 1) {
      const order = fresh();
      await store.reserve(order, [line(chair, 3)], end);
      await Promise.all([
        untilDecided(() => store.commit(order, noon)),
        untilDecided(() => store.release(order, noon)),
      ]);
      expect(await untilDecided(() => store.ship(order, noon))).toBe("not-committed");
    }

    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 100, reserved: 0, sold: 0 }]);
  });

  test("fifty orders at once for ten units sell exactly ten", async () => {
    const [chair] = names("chair");
    await store.receive(chair, 10);
    const orders = Array.from({ length: 50 }, fresh);

    const answers = await Promise.all(
      orders.map((order) => untilDecided(() => store.reserve(order, [line(chair, 1)], end))),
    );

    expect(answers.filter(({ kind }) => kind === "reserved")).toHaveLength(10);
    expect(answers.filter(({ kind }) => kind === "out-of-stock")).toHaveLength(40);
    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 10, reserved: 10, sold: 0 }]);
  });

  test("reserve and release of one order at once leave nothing reserved", async () => {
    const [chair] = names("chair");
    await store.receive(chair, 100);

    for (let round = 0; round < 10; round += 1) {
      const order = fresh();
      await Promise.all([
        untilDecided(() => store.reserve(order, [line(chair, 3)], end)),
        untilDecided(() => store.release(order, noon)),
        untilDecided(() => store.release(order, noon)),
      ]);
    }

    expect(await levelsOf(chair)).toEqual([{ sku: chair, onHand: 100, reserved: 0, sold: 0 }]);
  });

  const levelsOf = async (...skus: readonly string[]) => {
    const levels = await store.levels(skus);
    return skus.flatMap((sku) => levels.filter((level) => level.sku === sku));
  };
}

const line = (sku: string, quantity: number) => ({ sku, quantity });

let made = 0;
const fresh = (): string => {
  made += 1;
  return `name-${made}`;
};

/** Names of its own for each test, since one table serves them all. */
const names = <const Wanted extends readonly string[]>(...wanted: Wanted) =>
  wanted.map((name) => `${name}-${fresh()}`) as { readonly [Index in keyof Wanted]: string };

/** A store may ask to come back; here it is the saga that does. */
async function untilDecided<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= 20 || (error as { action?: unknown }).action !== "retry") throw error;
    }
  }
}
