// Where the units of a SKU lie: what a sale takes from where, and what spreads them evenly.
import fc from "fast-check";
import { expect, test } from "vitest";
import { movesToBalance, openShards, takenFrom } from "#services/inventory/domain/counters";

const counters = fc
  .array(fc.nat(20), { minLength: 1, maxLength: 12 })
  .map((units) => units.map((available, shard) => ({ shard, available })));

const sum = (units: readonly number[]): number => units.reduce((all, each) => all + each, 0);

test("a sale takes exactly what is asked where there is enough, from none more than it has", () => {
  fc.assert(
    fc.property(
      counters,
      fc.integer({ min: 1, max: 150 }),
      fc.double({ min: 0, max: 0.999 }),
      (all, quantity, draw) => {
        const taken = takenFrom(all, quantity, { next: () => draw });

        const parts = taken ?? [];
        const isEnough = sum(all.map(({ available }) => available)) >= quantity;
        const isEnoughInOne = all.some(({ available }) => available >= quantity);
        expect(taken !== undefined).toBe(isEnough);
        expect(sum(parts.map((part) => part.quantity))).toBe(isEnough ? quantity : 0);
        for (const part of parts) {
          expect(part.quantity).toBeGreaterThan(0);
          expect(part.quantity).toBeLessThanOrEqual(all[part.shard]?.available ?? 0);
        }
        expect(new Set(parts.map(({ shard }) => shard)).size).toBe(parts.length);
        expect(isEnoughInOne ? parts.length : 1).toBe(1);
      },
    ),
  );
});

test("one counter has enough: any of those that have is drawn", () => {
  const all = [5, 0, 5, 4].map((available, shard) => ({ shard, available }));

  const drawn = [0, 0.49, 0.5, 0.99].map(
    (draw) => takenFrom(all, 5, { next: () => draw })?.[0]?.shard,
  );

  expect(drawn).toEqual([0, 0, 2, 2]);
});

test("moves spread the units over the open shards, and lose none", () => {
  fc.assert(
    fc.property(counters, fc.integer({ min: 1, max: 11 }), (all, wanted) => {
      const shards = Math.max(1, Math.min(wanted, all.length - 1));
      const after = new Map(all.map(({ shard, available }) => [shard, available]));
      for (const { from, to, quantity } of movesToBalance(all, shards)) {
        expect(quantity).toBeGreaterThan(0);
        after.set(from, (after.get(from) ?? 0) - quantity);
        after.set(to, (after.get(to) ?? 0) + quantity);
        expect(after.get(from)).toBeGreaterThanOrEqual(0);
      }
      const open = openShards(shards).map((shard) => after.get(shard) ?? 0);
      expect(sum([...after.values()])).toBe(sum(all.map(({ available }) => available)));
      expect(sum(open)).toBe(sum([...after.values()]));
      expect(Math.max(...open) - Math.min(...open)).toBeLessThanOrEqual(1);
    }),
  );
});
