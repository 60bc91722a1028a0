// Placing an order over HTTP, in the deployed stacks: once per key, however often and from wherever
// it is sent.
import { randomUUID } from "node:crypto";
import { inject, expect, test } from "vitest";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

test("an order goes through its saga to confirmed, and its timeline is contiguous", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const sku = await shop.product(4990, 10);

  const order = await shop.settledOrder(access, sku, 2);
  const timeline = await shop.call("GET", `/v1/orders/${order.orderId}/events`, { token: access });

  expect(order).toMatchObject({
    status: "confirmed",
    total: { amount: 9980, currency: "BRL" },
    payment: { status: "captured" },
    fulfilment: { status: "running", violations: [] },
  });
  expect(timeline.body.events).toMatchObject([
    { sequence: 1, type: "order.placed" },
    { sequence: 2, type: "order.shipment-created" },
    { sequence: 3, type: "order.confirmed" },
  ]);
});

test("twins sent at once make one order, and both are told of it", async () => {
  const access = await shop.token("orders:write", "orders:read", "inventory:read");
  const sku = await shop.product(1000, 100);
  const send = {
    token: access,
    headers: { "idempotency-key": randomUUID() },
    body: { lines: [{ sku, quantity: 3 }] },
  };

  const answers = await Promise.all(
    Array.from({ length: 6 }, () => shop.call("POST", "/v1/orders", send)),
  );
  const ids = new Set(answers.map((answer) => answer.body.orderId));
  const orderId = String([...ids][0]);
  await shop.orderOnce(access, orderId, ({ status }) => status === "confirmed");

  expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 202, 202, 202]);
  expect(ids.size).toBe(1);
  expect(answers[0]?.headers.get("location")).toContain(`/v1/orders/${orderId}`);
  const stock = await shop.call("GET", `/v1/inventory/${sku}`, { token: access });
  expect(stock.body).toMatchObject({ onHand: 100, reserved: 3, available: 97 });
  const commits = (await shop.items(shop.outputs.OrdersTable)).filter(
    (item) => item.pk === orderId,
  );
  expect(commits.filter((item) => String(item.sk).startsWith("commit#"))).toHaveLength(3);
});

test("the same key with another body is refused and changes nothing", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const sku = await shop.product(1000, 100);
  const headers = { "idempotency-key": randomUUID() };
  const first = await shop.call("POST", "/v1/orders", {
    token: access,
    headers,
    body: { lines: [{ sku, quantity: 1 }] },
  });

  const second = await shop.call("POST", "/v1/orders", {
    token: access,
    headers,
    body: { lines: [{ sku, quantity: 2 }] },
  });

  expect(first.status).toBe(202);
  expect(second.status).toBe(422);
  expect(second.body.type).toBe("urn:inorder:problem:idempotency-key-reused");
  expect((await shop.order(access, String(first.body.orderId))).lines).toMatchObject([
    { sku, quantity: 1 },
  ]);
});

test("the same key of another caller is another order, and neither sees the other's", async () => {
  const [ann, bob] = await Promise.all([
    shop.token("orders:write", "orders:read"),
    shop.token("orders:write", "orders:read"),
  ]);
  const sku = await shop.product(1000, 100);
  const send = {
    headers: { "idempotency-key": randomUUID() },
    body: { lines: [{ sku, quantity: 1 }] },
  };

  const anns = await shop.call("POST", "/v1/orders", { ...send, token: ann });
  const bobs = await shop.call("POST", "/v1/orders", { ...send, token: bob });
  const peek = await shop.call("GET", `/v1/orders/${String(anns.body.orderId)}`, { token: bob });

  expect(anns.body.orderId).not.toBe(bobs.body.orderId);
  expect(peek.status).toBe(404);
});

test("an order appears in its customer's list, paged by a signed cursor", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const sku = await shop.product(1000, 100);
  const first = await shop.settledOrder(access, sku);
  const second = await shop.settledOrder(access, sku);
  await shop.listed(access, [first.orderId, second.orderId], "confirmed");

  const page = await shop.call("GET", "/v1/orders?limit=1", { token: access });
  const cursor = String(page.body.next);
  const rest = await shop.call("GET", `/v1/orders?limit=1&cursor=${encodeURIComponent(cursor)}`, {
    token: access,
  });
  const forged = await shop.call("GET", `/v1/orders?cursor=${encodeURIComponent(`${cursor}x`)}`, {
    token: access,
  });

  expect(page.body.orders).toMatchObject([{ orderId: second.orderId }]);
  expect(rest.body.orders).toMatchObject([{ orderId: first.orderId }]);
  expect(forged.status).toBe(400);
});
