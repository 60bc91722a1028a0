// From carts to orders in the deployed stacks: what shops report as lost, doubled or stuck.
import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { type CartView, cartView, createdCart } from "#contracts/http/carts";
import { METRICS, SERVICES } from "#contracts/metrics";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";

const shop = openShop(inject("shop"));
const key = () => ({ "idempotency-key": randomUUID() });
const expected = (answer: Answer, status: number): Answer => {
  expect(`${answer.status} ${answer.text}`).toMatch(new RegExp(`^${status} `));
  return answer;
};
const tokens = () => shop.token("carts:write", "orders:write", "orders:read", "inventory:read");

async function newCart(token?: string) {
  const as = token === undefined ? {} : { token };
  const answer = await shop.call("POST", "/v1/carts", { ...as, headers: key(), body: {} });
  return createdCart.parse(expected(answer, 201).body);
}

const addTo = (cartId: string, token: string, sku: string, quantity: number) =>
  shop.call("POST", `/v1/carts/${cartId}/items`, {
    token,
    headers: key(),
    body: { sku, quantity },
  });

const read = async (cartId: string, token: string): Promise<CartView> =>
  cartView.parse(expected(await shop.call("GET", `/v1/carts/${cartId}`, { token }), 200).body);

const place = (token: string, body: Record<string, unknown>) =>
  shop.call("POST", "/v1/orders", { token, headers: key(), body });

const settled = (token: string, orderId: unknown) =>
  shop.orderOnce(token, String(orderId), ({ status }) => status !== "placed");

test("parallel actions on one cart are all applied: two devices at once lose nothing", async () => {
  const [token, chair, lamp] = await Promise.all([
    tokens(),
    shop.product(1000, 9),
    shop.product(500, 9),
  ]);
  const { cartId } = await newCart(token);
  const { version } = cartView.parse((await addTo(cartId, token, chair, 1)).body);
  const tag = { "if-match": `"${version}"` };

  const answers = await Promise.all([
    addTo(cartId, token, lamp, 1),
    addTo(cartId, token, chair, 2),
    shop.call("DELETE", `/v1/carts/${cartId}/items/${chair}`, { token, headers: tag }),
    addTo(cartId, token, lamp, 1),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const { items } = await read(cartId, token);
  // The delete takes the chair that it had seen; the two that came meanwhile stay.
  expect(new Map(items.map(({ sku, quantity }) => [sku, quantity]))).toEqual(
    new Map([
      [lamp, 2],
      [chair, 2],
    ]),
  );
});

test("an anonymous cart is merged on login and goes to a confirmed order", async () => {
  const [token, sku] = await Promise.all([tokens(), shop.product(1000, 9)]);
  const [anonymous, mine] = await Promise.all([newCart(), newCart(token)]);
  const secret = anonymous.secret ?? "";
  expected(
    await shop.call("POST", `/v1/carts/${anonymous.cartId}/items`, {
      headers: { ...key(), "cart-secret": secret },
      body: { sku, quantity: 2 },
    }),
    200,
  );
  const from = { cartId: anonymous.cartId, secret };
  const merge = () => shop.call("POST", `/v1/carts/${mine.cartId}/merge`, { token, body: from });

  const first = expected(await merge(), 200);
  const again = expected(await merge(), 200);
  const { version } = cartView.parse(again.body);
  const placed = expected(await place(token, { cartId: mine.cartId, cartVersion: version }), 202);
  const order = await settled(token, placed.body["orderId"]);

  expect(again.text).toBe(first.text);
  expect(order).toMatchObject({
    status: "confirmed",
    lines: [{ sku, quantity: 2 }],
    total: { amount: 2000, currency: "BRL" },
  });
  expect(await read(mine.cartId, token)).toMatchObject({
    status: "ordered",
    orderId: order.orderId,
  });
  const stored = JSON.stringify(await shop.items(shop.outputs.CartsTable));
  expect(stored).not.toContain(secret);
});

test("a checkout clicked twice with two keys places one order and takes stock once", async () => {
  const [token, sku] = await Promise.all([tokens(), shop.product(1000, 9)]);
  const { cartId } = await newCart(token);
  const { version } = cartView.parse((await addTo(cartId, token, sku, 3)).body);

  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => place(token, { cartId, cartVersion: version })),
  );
  const ids = new Set(answers.map(({ body }) => body["orderId"]));
  await settled(token, [...ids][0]);

  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  expect(ids.size).toBe(1);
  const stock = await shop.call("GET", `/v1/inventory/${sku}`, { token });
  expect(stock.body).toMatchObject({ reserved: 3, available: 6 });
});

test("a cart whose payment was declined is completed a second time", async () => {
  const [token, declined, more] = await Promise.all([
    tokens(),
    // The simulated provider declines what ends in 13.
    shop.product(1013, 9),
    shop.product(1001, 9),
  ]);
  const { cartId } = await newCart(token);
  const { version } = cartView.parse((await addTo(cartId, token, declined, 1)).body);
  const first = expected(await place(token, { cartId, cartVersion: version }), 202);
  const refused = await settled(token, first.body["orderId"]);

  const changed = cartView.parse(expected(await addTo(cartId, token, more, 2), 200).body);
  const second = expected(await place(token, { cartId, cartVersion: changed.version }), 202);
  const order = await settled(token, second.body["orderId"]);

  expect(refused).toMatchObject({ status: "rejected", payment: { status: "declined" } });
  expect(order).toMatchObject({ status: "confirmed", total: { amount: 3015 } });
  expect(order.orderId).not.toBe(refused.orderId);
});

test("a price that changed is told with both amounts, then ordered as agreed", async () => {
  const [token, sku] = await Promise.all([tokens(), shop.product(1000, 9)]);
  const { cartId } = await newCart(token);
  const { version } = cartView.parse((await addTo(cartId, token, sku, 2)).body);
  await shop.invoke(shop.outputs.ImportProductsFunction, {
    products: [{ sku, currency: "BRL", price: 1100, freight: 0 }],
  });

  const seen = await read(cartId, token);
  const refused = expected(await place(token, { cartId, cartVersion: version }), 409);
  const again = { cartId, cartVersion: version, expectedPrices: [{ sku, unitPrice: 1100 }] };
  const placed = expected(await place(token, again), 202);
  const byLines = expected(
    await place(token, {
      lines: [{ sku, quantity: 1 }],
      expectedPrices: [{ sku, unitPrice: 1000 }],
    }),
    409,
  );

  expect(seen.items).toMatchObject([{ price: { unitPrice: 1000 }, current: { unitPrice: 1100 } }]);
  expect(refused.body).toMatchObject({
    type: "urn:inorder:problem:price-changed",
    errors: [{ pointer: "/cart/items/0/price/unitPrice", expected: 1000, actual: 1100 }],
  });
  expect(byLines.body).toMatchObject({
    errors: [{ pointer: "/expectedPrices/0/unitPrice", expected: 1000, actual: 1100 }],
  });
  expect((await settled(token, placed.body["orderId"])).total.amount).toBe(2200);
});

test("an external reference names one order, whoever sends it twice at once", async () => {
  const [token, sku] = await Promise.all([tokens(), shop.product(1000, 9)]);
  const body = { lines: [{ sku, quantity: 1 }], externalReference: `ref-${randomUUID()}` };
  const headers = key();

  const twins = await Promise.all(
    [1, 2, 3].map(() => shop.call("POST", "/v1/orders", { token, headers, body })),
  );
  const other = await place(token, body);
  await settled(token, twins[0]?.body["orderId"]);

  expect(twins.map(({ status }) => status)).toEqual([202, 202, 202]);
  const [orderId] = twins.map((answer) => String(answer.body["orderId"]));
  expect(expected(other, 409).body).toMatchObject({
    type: "urn:inorder:problem:reference-taken",
    detail: expect.stringContaining(orderId ?? "") as string,
    errors: [{ pointer: "/externalReference" }],
  });
});

test("discount and tax are in an order; its status finds it in the list", async () => {
  const [token, sku] = await Promise.all([tokens(), shop.product(1000, 99)]);
  const body = { lines: [{ sku, quantity: 10 }], country: "CA", discountCodes: ["WELCOME10"] };

  const placed = expected(await place(token, body), 202);
  const wrong = expected(await place(token, { ...body, discountCodes: ["NONE"] }), 422);
  const order = await settled(token, placed.body["orderId"]);
  await shop.listed(token, [order.orderId], "confirmed");
  const confirmed = await shop.call("GET", "/v1/orders?status=confirmed", { token });
  const rejected = await shop.call("GET", "/v1/orders?status=rejected", { token });

  expect(wrong.body).toMatchObject({ errors: [{ pointer: "/discountCodes/0" }] });
  expect(order).toMatchObject({
    status: "confirmed",
    // 10,000 less 5 % for ten of one, less 10 % by code, and 5 % on top.
    total: { amount: 8978, currency: "BRL" },
    price: { country: "CA", items: 10_000, discount: 1450, shipping: 0, tax: 428 },
  });
  expect(confirmed.body["orders"]).toMatchObject([{ orderId: order.orderId }]);
  expect(rejected.body["orders"]).toEqual([]);
});

test("a reference costs no request more; a cart costs its own read", async () => {
  const [token, sku] = await Promise.all([tokens(), shop.product(1000, 99)]);
  const { cartId } = await newCart(token);
  const { version } = cartView.parse((await addTo(cartId, token, sku, 1)).body);
  const counted = async () => ({
    reads: await shop.metricSum(METRICS.placeReads, SERVICES.orders),
    writes: await shop.metricSum(METRICS.placeWrites, SERVICES.orders),
  });
  const costs = async (body: Record<string, unknown>, reads: number) => {
    const before = await counted();
    const placed = expected(await place(token, body), 202);
    await settled(token, placed.body["orderId"]);
    await eventually(async () =>
      expect(await counted()).toEqual({ reads: before.reads + reads, writes: before.writes + 1 }),
    );
  };

  await costs({ lines: [{ sku, quantity: 1 }], externalReference: randomUUID() }, 1);
  await costs({ cartId, cartVersion: version }, 2);
});
