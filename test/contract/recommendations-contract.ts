// What counting and showing what is bought together promises.
import { expect, test } from "vitest";
import type {
  Baskets,
  BasketWrite,
  Recommendations,
} from "#services/products/recommendation-ports";

export type OpenRecommendations = Recommendations &
  Baskets & { commit(writes: readonly BasketWrite[]): Promise<unknown> };

export function recommendationsContract(
  open: () => OpenRecommendations | Promise<OpenRecommendations>,
): void {
  const both = (sku: string, other: string): readonly BasketWrite[] => [
    { kind: "count", sku, other },
    { kind: "count", sku: other, other: sku },
  ];

  test("a basket is remembered until it is forgotten", async () => {
    const store = await open();
    const orderId = "01JD0000000000000000000000";
    await store.commit([{ kind: "remember", orderId, skus: ["lamp", "bulb"] }]);

    expect(await store.read(orderId)).toEqual(["lamp", "bulb"]);
    await store.commit([{ kind: "forget", orderId }]);
    expect(await store.read(orderId)).toEqual([]);
    await store.commit([{ kind: "forget", orderId }]);
  });

  test("what was bought most often comes first, and no more than asked for", async () => {
    const store = await open();
    for (let order = 0; order < 12; order += 1) await store.commit(both("lamp", "bulb"));
    for (let order = 0; order < 2; order += 1) await store.commit(both("lamp", "desk"));
    await store.commit([...both("lamp", "rug"), ...both("rug", "desk")]);

    expect(await store.boughtWith("lamp", 2)).toEqual([
      { sku: "bulb", orders: 12 },
      { sku: "desk", orders: 2 },
    ]);
    expect(await store.boughtWith("desk", 9)).toEqual([
      { sku: "lamp", orders: 2 },
      { sku: "rug", orders: 1 },
    ]);
  });

  test("nothing was bought with what nobody bought", async () => {
    expect(await (await open()).boughtWith("lamp", 9)).toEqual([]);
  });
}
