// The tour against a shop in memory: right where the shop is right, and wrong at the very step
// where it is not.
import { expect, test } from "vitest";
import type { WaitSettings } from "#replay/wait-until";
import { tour } from "#replay/tour/tour";
import { isTourRight, tourLines } from "#replay/tour/tour-table";
import type { TourApi } from "#replay/tour/tour-api";
import { imitationTour } from "../../support/imitation-tour.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

const wait: WaitSettings = { firstMs: 10, factor: 2, capMs: 100, limitMs: 1_000 };

async function walk(spoiled?: (right: TourApi) => Partial<TourApi>) {
  const ports = { ...imitationTour(spoiled), clock: steppingClock(), wait, salt: "salt" };
  const heard: number[] = [];
  const answers = await tour(ports, (done) => heard.push(done));
  return { ...answers, heard };
}

test("a shop that is right is found right, in every step of three walks", async () => {
  const { walks, orders, heard } = await walk();

  expect(walks.flatMap(({ steps }) => steps.flatMap(({ wrong }) => wrong))).toEqual([]);
  expect(walks.map(({ steps }) => steps.length)).toEqual([11, 6, 10]);
  expect(orders.map(({ status, payment }) => `${status}, ${payment.status}`)).toEqual([
    "cancelled, voided",
    "cancelled, refunded",
    "delivered, partially-refunded",
  ]);
  expect(heard).toEqual([1, 2, 3]);
  expect(isTourRight(walks)).toBe(true);
});

const spoiled: readonly {
  readonly name: string;
  readonly shop: (right: TourApi) => Partial<TourApi>;
  readonly step: string;
  readonly says: string;
}[] = [
  {
    name: "a search that finds something else",
    shop: (right) => ({
      search: async (text) => ({ ...(await right.search(text)), total: 0, products: [] }),
    }),
    step: 'search "rosewod rocking chiar"',
    says: "found: expected Rosewood rocking chair, answered none",
  },
  {
    name: "a merge that loses what was in the cart",
    shop: (right) => ({
      merge: async (into, from) => ({ ...(await right.merge(into, from)), items: [] }),
    }),
    step: "both are merged",
    says: "items: expected 2 x tour-rocking-chair, answered none",
  },
  {
    name: "units that stay reserved when they have left",
    shop: (right) => ({
      stock: async (sku) => ({ ...(await right.stock(sku)), sold: 0 }),
    }),
    step: "its units have left",
    says: "sold: expected 2, answered 0",
  },
  {
    name: "a refund that pays back too much",
    shop: (right) => ({
      refund: (orderId, key, body) => right.refund(orderId, key, { ...body, amount: 20_000 }),
    }),
    step: "a part of its price, by staff",
    says: "amount: expected 10000, answered 20000",
  },
  {
    name: "a cancellation that nobody carries out",
    shop: (right) => ({
      cancel: async (orderId) => ({ ...(await right.saga(orderId)), links: NOWHERE }),
    }),
    step: "all is undone",
    says: "status: expected cancelled, answered placed",
  },
  {
    name: "a stuck saga that nobody is shown",
    shop: () => ({ stuck: async () => ({ sagas: [] }) }),
    step: "staff list what is stuck",
    says: "ORDER1 is not listed",
  },
  {
    name: "a repair that does nothing",
    shop: (right) => ({ resolve: (orderId) => right.saga(orderId) }),
    step: "they say how it is",
    says: "needs attention: expected 0, answered 1",
  },
  {
    name: "a route that refuses",
    shop: () => ({ ownCart: () => Promise.reject(new Error("POST /v1/carts was refused: 403")) }),
    step: "a cart of a customer's own",
    says: "POST /v1/carts was refused: 403",
  },
];

const NOWHERE = { self: "", events: "" };

test.each(spoiled)("$name is wrong there, and ends the walk", async ({ shop, step, says }) => {
  const { walks } = await walk(shop);

  const wrong = walks.flatMap(({ steps }) => steps.filter((one) => one.wrong.length > 0));
  expect(wrong.map((one) => one.step)).toContain(step);
  expect(wrong.find((one) => one.step === step)?.wrong).toContain(says);
  expect(isTourRight(walks)).toBe(false);
  for (const { steps } of walks) {
    expect(steps.slice(0, -1).every((one) => one.wrong.length === 0)).toBe(true);
  }
  expect(tourLines(walks).join("\n")).toContain(says);
});

test("what a person is shown fits a terminal of 100 columns", async () => {
  const { walks } = await walk(() => ({
    search: () => Promise.reject(new Error("x".repeat(300))),
  }));

  for (const line of tourLines(walks)) expect(line.length).toBeLessThanOrEqual(100);
});
