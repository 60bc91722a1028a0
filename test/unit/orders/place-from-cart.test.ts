// Placing from a cart: at the price that was seen, once for a cart, and again only after its order
// came to nothing.
import { beforeEach, expect, test } from "vitest";
import { type MemoryCartStore, memoryCartStore } from "#adapters/memory/cart-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { type MemoryEventStore, memoryEventStore } from "#adapters/memory/event-store";
import { memoryOrderPlacements } from "#adapters/memory/order-placements";
import type { PlaceOrderBody } from "#contracts/http/orders";
import { isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { addToCart, type EditCartPorts } from "#services/orders/usecases/edit-cart";
import { createCart } from "#services/orders/usecases/create-cart";
import { placeOrder, type PlaceOrderPorts } from "#services/orders/usecases/place-order";
import { countingPorts, type StoreRequest } from "#services/orders/usecases/place-order-cost";
import { closeOrder } from "#services/orders/usecases/saga-steps";
import { CART_LASTS } from "#services/orders/domain/cart";
import { type AppendFate, faultyPlacements } from "../../support/faulty-event-store.ts";
import { now } from "../../support/order-samples.ts";

const prices = [
  { sku: "chair", currency: "BRL", price: 4990, freight: 1329 },
  { sku: "lamp", currency: "BRL", price: 1299, freight: 0 },
];
let store: MemoryEventStore;
let carts: MemoryCartStore;
let requests: StoreRequest[];
let cartId: string;

const over = (catalogue = prices, ...fates: readonly AppendFate[]): PlaceOrderPorts =>
  countingPorts(
    {
      catalogue: memoryCatalogue(catalogue),
      store: faultyPlacements(memoryOrderPlacements(store, carts), fates),
      carts,
    },
    (kind) => requests.push(kind),
  );
const editing = (): EditCartPorts => ({
  carts,
  catalogue: memoryCatalogue(prices),
  orders: store,
});
const add = (sku: string, quantity: number, idempotencyKey = `${sku}-${quantity}`) =>
  addToCart(editing(), { cartId, holder: { callerId: "ann" }, now, sku, quantity, idempotencyKey });
const place = (
  idempotencyKey: string,
  cartVersion: number,
  more: Partial<PlaceOrderBody> = {},
  ports = over(),
  id = "ann",
) =>
  placeOrder(ports, {
    caller: { id, scopes: [] },
    route: "POST /v1/orders",
    idempotencyKey,
    body: { cartId, cartVersion, ...more },
    now,
  });
const codeOf = (placing: Promise<unknown>): Promise<string> =>
  placing.then(
    () => "placed",
    (error: unknown) => (isFailure(error) ? error.code : "unexpected"),
  );
const reject = (orderId: string) =>
  closeOrder(
    { store },
    { step: "reject", orderId, reason: "payment-declined", detail: "" },
    { now },
  );

beforeEach(async () => {
  store = memoryEventStore();
  carts = memoryCartStore();
  requests = [];
  const customer = { id: "ann", route: "POST /v1/carts", idempotencyKey: "k" };
  const created = await createCart({ carts, newSecret: () => "" }, { now, customer });
  cartId = created.cart.cartId;
});

test("a cart becomes an order and is ordered, for two reads and one write", async () => {
  await add("chair", 2);
  const { version } = await add("lamp", 1);

  const { orderId, repeated } = await place("key-1", version);

  expect(repeated).toBe(false);
  expect(requests).toEqual(["read", "read", "write"]);
  expect((await carts.read(cartId))?.orderId).toBe(orderId);
  expect((await store.read(orderId))[0]?.events[0]?.data).toMatchObject({
    lines: [
      { sku: "chair", quantity: 2 },
      { sku: "lamp", quantity: 1 },
    ],
    total: 13_937,
  });
  expect(await codeOf(add("lamp", 5))).toBe("cart-ordered");
});

test("a repeated request finds its order, also after its cart has expired", async () => {
  const { version } = await add("lamp", 1);
  const first = await place("key-1", version);

  expect(await place("key-1", version)).toEqual({ ...first, repeated: true });
  const late = placeOrder(over(), {
    caller: { id: "ann", scopes: [] },
    route: "POST /v1/orders",
    idempotencyKey: "key-1",
    body: { cartId, cartVersion: version },
    now: (now + CART_LASTS) as EpochMs,
  });
  expect(await late).toEqual({ ...first, repeated: true });
});

test("a checkout clicked twice with two keys places one order, and all are told", async () => {
  const { version } = await add("lamp", 1);

  const answers = await Promise.all(["a", "b", "c", "d"].map((key) => place(key, version)));

  expect(new Set(answers.map(({ orderId }) => orderId)).size).toBe(1);
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(store.table.partitions()).toHaveLength(1);
});

test("so does one that names a reference", async () => {
  const { version } = await add("lamp", 1);
  const more = { externalReference: "ref-1" };

  const answers = await Promise.all(["a", "b", "c"].map((key) => place(key, version, more)));
  const late = await place("d", version, more);

  expect(new Set([late, ...answers].map(({ orderId }) => orderId)).size).toBe(1);
});

test("an ordered cart is not ordered as anything else", async () => {
  const { version } = await add("lamp", 1);
  await place("key-1", version);

  expect(await codeOf(place("key-2", version, { country: "DE" }))).toBe("cart-ordered");
  expect(await codeOf(place("key-2", version + 1))).toBe("cart-ordered");
  expect(await codeOf(place("key-1", version, { country: "DE" }))).toBe("idempotency-key-reused");
});

test("a cart whose order was rejected may be changed and ordered once more", async () => {
  const { version } = await add("lamp", 1);
  const first = await place("key-1", version);
  await reject(first.orderId);

  const again = await Promise.all(["b", "c"].map((key) => place(key, version + 1)));
  const second = again.find(({ repeated }) => !repeated)?.orderId ?? "";
  await reject(second);
  const changed = await add("chair", 1);

  expect(new Set(again.map(({ orderId }) => orderId)).size).toBe(1);
  expect(second).not.toBe(first.orderId);
  expect(changed.orderId).toBeUndefined();
  expect((await place("key-4", changed.version)).repeated).toBe(false);
  expect(await place("key-1", version)).toEqual({ ...first, repeated: true });
});

test("a cart is ordered as its customer saw it: another version is refused", async () => {
  const seen = await add("lamp", 1);
  await add("chair", 1);

  const placing = place("key-1", seen.version);

  await expect(placing).rejects.toMatchObject({
    code: "precondition-failed",
    details: [{ pointer: "/cartVersion" }],
  });
  expect(requests).not.toContain("write");
});

test("a cart that changes while it is priced is not ordered as it was", async () => {
  const { version } = await add("lamp", 1);
  const ports = over();
  const catalogue = {
    async prices(skus: readonly string[]) {
      await add("chair", 1);
      return ports.catalogue.prices(skus);
    },
  };

  expect(await codeOf(place("key-1", version, {}, { ...ports, catalogue }))).toBe(
    "precondition-failed",
  );
  expect(store.table.partitions()).toEqual([]);
});

test("a price that is not the cart's is told by line, and taken when agreed to", async () => {
  await add("chair", 2);
  const { version } = await add("lamp", 1);
  const dearer = prices.map((price) => ({ ...price, price: price.price + 100 }));

  await expect(place("key-1", version, {}, over(dearer))).rejects.toMatchObject({
    code: "price-changed",
    details: [
      { pointer: "/cart/items/0/price/unitPrice", expected: 4990, actual: 5090 },
      { pointer: "/cart/items/1/price/unitPrice", expected: 1299, actual: 1399 },
    ],
  });
  const expectedPrices = [
    { sku: "chair", unitPrice: 5090 },
    { sku: "lamp", unitPrice: 1399 },
  ];
  const { orderId } = await place("key-1", version, { expectedPrices }, over(dearer));

  const [commit] = await store.read(orderId);
  expect(commit?.events[0]?.data).toMatchObject({ total: 14_237 });
});

test("what is not in the catalogue any more is told where it is in the cart", async () => {
  await add("chair", 1);
  const { version } = await add("lamp", 1);

  await expect(place("key-1", version, {}, over(prices.slice(0, 1)))).rejects.toMatchObject({
    code: "unknown-sku",
    details: [{ pointer: "/cart/items/1/sku" }],
  });
});

test("a cart that is another's, unknown, expired or empty is not ordered", async () => {
  expect(await codeOf(place("k", 1))).toBe("invalid-request");
  const { version } = await add("lamp", 1);

  expect(await codeOf(place("k", version, {}, over(), "eve"))).toBe("not-found");
  expect(await codeOf(place("k", version, { cartId: "0".repeat(26) }))).toBe("not-found");
});

test("an answer that was lost is looked for, and the cart is ordered once", async () => {
  const { version } = await add("lamp", 1);

  const after = await place("key-1", version, {}, over(prices, "lost-after-write"));

  expect(after.repeated).toBe(false);
  expect((await carts.read(cartId))?.orderId).toBe(after.orderId);
});

test("a reference names one order of its customer", async () => {
  const lines = [{ sku: "lamp", quantity: 1 }];
  const order = (id: string, key: string, fates: readonly AppendFate[] = []) =>
    placeOrder(over(prices, ...fates), {
      caller: { id, scopes: [] },
      route: "POST /v1/orders",
      idempotencyKey: key,
      body: { lines, externalReference: "ref-1" },
      now,
    });
  const first = await order("ann", "key-1", ["lost-after-write"]);
  requests = [];

  await expect(order("ann", "key-2")).rejects.toMatchObject({
    code: "reference-taken",
    message: expect.stringContaining(first.orderId) as string,
    details: [{ pointer: "/externalReference" }],
  });
  expect(await order("ann", "key-1")).toEqual({ orderId: first.orderId, repeated: true });
  expect((await order("bob", "key-1")).repeated).toBe(false);
});
