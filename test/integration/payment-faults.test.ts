// What happens when the money does not come, or comes without an answer.
import { inject, expect, test } from "vitest";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

test("a declined payment rejects the order, frees the stock, captures nothing", async () => {
  const access = await shop.token("orders:write", "orders:read", "inventory:read");
  const sku = await shop.product(1013, 5);

  const order = await shop.settledOrder(access, sku);

  expect(order).toMatchObject({
    status: "rejected",
    payment: { status: "declined" },
    rejection: { reason: "payment-declined" },
  });
  const stock = await shop.call("GET", `/v1/inventory/${sku}`, { token: access });
  expect(stock.body).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
  const charges = await chargesOf(order.orderId);
  expect(charges.filter(({ status }) => status !== "declined")).toEqual([]);
});

test("more units than there are reject the order and reserve nothing", async () => {
  const access = await shop.token("orders:write", "orders:read", "inventory:read");
  const sku = await shop.product(1000, 2);

  const order = await shop.settledOrder(access, sku, 3);

  expect(order).toMatchObject({ status: "rejected", rejection: { reason: "out-of-stock" } });
  const stock = await shop.call("GET", `/v1/inventory/${sku}`, { token: access });
  expect(stock.body).toMatchObject({ onHand: 2, reserved: 0, available: 2 });
  expect(await chargesOf(order.orderId)).toEqual([]);
});

test("a provider that takes the money and does not answer is looked up", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const sku = await shop.product(1017, 5);

  const order = await shop.settledOrder(access, sku);

  expect(order).toMatchObject({ status: "confirmed", payment: { status: "captured" } });
  const charges = await chargesOf(order.orderId);
  expect(charges).toHaveLength(1);
  expect(charges[0]).toMatchObject({ status: "captured", amount: 1017 });
});

test("of many buyers at once nobody gets a unit that is not there", async () => {
  const access = await shop.token("orders:write", "orders:read", "inventory:read");
  const sku = await shop.product(1000, 4);

  const orders = await Promise.all(Array.from({ length: 8 }, () => shop.settledOrder(access, sku)));

  expect(orders.filter(({ status }) => status === "confirmed")).toHaveLength(4);
  expect(orders.filter(({ status }) => status === "rejected")).toHaveLength(4);
  const stock = await shop.call("GET", `/v1/inventory/${sku}`, { token: access });
  expect(stock.body).toMatchObject({ onHand: 4, reserved: 4, available: 0 });
});

async function chargesOf(orderId: string): Promise<Record<string, unknown>[]> {
  const items = await shop.items(shop.outputs.ProviderTable);
  return items.filter(({ reference }) => reference === orderId);
}
