// Placing an order: once for a key, whatever the network and twins do, for one read and one write.
import { beforeEach, expect, test } from "vitest";
import { type MemoryCartStore, memoryCartStore } from "#adapters/memory/cart-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { type MemoryEventStore, memoryEventStore } from "#adapters/memory/event-store";
import { memoryOrderPlacements } from "#adapters/memory/order-placements";
import type { PlaceOrderBody } from "#contracts/http/orders";
import {
  orderIdOf,
  placeOrder,
  type PlaceOrderPorts,
  type PlaceOrderRequest,
} from "#services/orders/usecases/place-order";
import { countingPorts, type StoreRequest } from "#services/orders/usecases/place-order-cost";
import { type AppendFate, faultyPlacements } from "../../support/faulty-event-store.ts";
import { now } from "../../support/order-samples.ts";

const prices = [
  { sku: "chair", currency: "BRL", price: 4990, freight: 1329 },
  { sku: "lamp", currency: "BRL", price: 1299, freight: 0 },
];
const lines = [
  { sku: "chair", quantity: 2 },
  { sku: "lamp", quantity: 1 },
];
const body: PlaceOrderBody = { lines, externalReference: "e481" };
const request: PlaceOrderRequest = {
  caller: { id: "client-ann", scopes: ["orders:write"] },
  route: "POST /v1/orders",
  idempotencyKey: "key-1",
  body,
  now,
};
const importing = { id: "client-ann", scopes: ["orders:write", "orders:import"] };

let store: MemoryEventStore;
let carts: MemoryCartStore;
let ports: PlaceOrderPorts;
let requests: StoreRequest[];

/** The ports over stores that lose answers as told, with every request counted. */
const over = (catalogue = prices, ...fates: readonly AppendFate[]): PlaceOrderPorts =>
  countingPorts(
    {
      catalogue: memoryCatalogue(catalogue),
      store: faultyPlacements(memoryOrderPlacements(store, carts), fates),
      carts,
    },
    (kind) => requests.push(kind),
  );

beforeEach(() => {
  store = memoryEventStore();
  carts = memoryCartStore();
  requests = [];
  ports = over();
});

test("an order is placed with the server's prices, for one read and one write", async () => {
  const { orderId, repeated } = await placeOrder(ports, { ...request, traceparent: "00-trace" });

  expect(repeated).toBe(false);
  expect(requests).toEqual(["read", "write"]);
  expect(await store.read(orderId)).toEqual([
    {
      stream: orderId,
      number: 1,
      recordedAt: now,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      traceparent: "00-trace",
      events: [
        {
          type: "order.placed",
          sequence: 1,
          data: {
            orderId,
            customerId: "client-ann",
            externalReference: "e481",
            placedAt: now,
            currency: "BRL",
            lines: [
              { sku: "chair", quantity: 2, unitPrice: 4990, unitFreight: 1329 },
              { sku: "lamp", quantity: 1, unitPrice: 1299, unitFreight: 0 },
            ],
            total: 13_937,
            price: {
              country: "BR",
              items: 11_279,
              discount: 0,
              shipping: 2658,
              tax: 0,
              taxIncluded: true,
              discounts: [],
            },
          },
        },
      ],
    },
  ]);
});

test("a repeated request finds its order, for one read and one write", async () => {
  const first = await placeOrder(ports, request);
  requests = [];

  const second = await placeOrder(ports, { ...request, body: { ...body } });

  expect(second).toEqual({ orderId: first.orderId, repeated: true });
  expect(requests).toEqual(["read", "write"]);
  expect(await store.read(first.orderId)).toHaveLength(1);
});

test("the order of a body's fields does not make it another one", async () => {
  const first = await placeOrder(ports, request);
  const { externalReference } = body;

  const second = await placeOrder(ports, { ...request, body: { externalReference, lines } });

  expect(second).toEqual({ orderId: first.orderId, repeated: true });
});

test("of twins at once one places the order and all are told of it", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => placeOrder(ports, request)));

  expect(new Set(answers.map(({ orderId }) => orderId)).size).toBe(1);
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await store.read(orderIdOf(request))).toHaveLength(1);
});

test("a key stands for one body", async () => {
  await placeOrder(ports, request);
  const before = await store.read(orderIdOf(request));

  const second = placeOrder(ports, { ...request, body: { lines: [{ sku: "lamp", quantity: 1 }] } });

  await expect(second).rejects.toMatchObject({ code: "idempotency-key-reused", action: "reject" });
  expect(await store.read(orderIdOf(request))).toEqual(before);
});

test("a reused key is told even where the new body cannot be priced", async () => {
  await placeOrder(ports, request);

  const second = placeOrder(ports, { ...request, body: { lines: [{ sku: "sofa", quantity: 1 }] } });

  await expect(second).rejects.toMatchObject({ code: "idempotency-key-reused" });
});

test("a product that left the catalogue does not change a repeated answer", async () => {
  const first = await placeOrder(ports, request);

  const second = await placeOrder(over(prices.slice(0, 1)), request);

  expect(second).toEqual({ orderId: first.orderId, repeated: true });
});

test.each([
  { part: "caller", change: { caller: { id: "client-bob", scopes: ["orders:write"] } } },
  { part: "route", change: { route: "POST /v2/orders" } },
  { part: "key", change: { idempotencyKey: "key-2" } },
])("another $part is another order", async ({ change }) => {
  const plain = { ...request, body: { lines } };
  const first = await placeOrder(ports, plain);

  const second = await placeOrder(ports, { ...plain, ...change });

  expect(second.repeated).toBe(false);
  expect(second.orderId).not.toBe(first.orderId);
});

test("parts of the order id that run into each other stay apart", () => {
  const caller = (id: string) => ({ id, scopes: [] });

  const one = orderIdOf({ caller: caller("a"), route: "b c", idempotencyKey: "d" });
  const other = orderIdOf({ caller: caller("a b"), route: "c", idempotencyKey: "d" });

  expect(one).not.toBe(other);
  expect(one).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});

test("a write that took effect although its answer was lost is found", async () => {
  const answer = await placeOrder(over(prices, "lost-after-write"), request);

  expect(answer).toEqual({ orderId: orderIdOf(request), repeated: false });
  expect(requests).toEqual(["read", "write", "read"]);
});

test("a write that never arrived is repeated", async () => {
  const answer = await placeOrder(over(prices, "lost-before-write"), request);

  expect(answer).toEqual({ orderId: orderIdOf(request), repeated: false });
  expect(requests).toEqual(["read", "write", "read", "write"]);
  expect(await store.read(answer.orderId)).toHaveLength(1);
});

test("after a lost answer a twin's order is found, and another body refused", async () => {
  await placeOrder(ports, { ...request, traceparent: "00-of-the-twin" });

  const twin = await placeOrder(over(prices, "lost-before-write"), request);
  const other = placeOrder(over(prices, "lost-before-write"), {
    ...request,
    body: { lines: [{ sku: "lamp", quantity: 1 }] },
  });

  expect(twin).toEqual({ orderId: orderIdOf(request), repeated: true });
  await expect(other).rejects.toMatchObject({ code: "idempotency-key-reused" });
});

test("answers that stay lost are given up after three writes", async () => {
  const lost: AppendFate[] = Array.from({ length: 10 }, () => "lost-before-write");

  const placing = placeOrder(over(prices, ...lost), request);

  await expect(placing).rejects.toMatchObject({ code: "outcome-unknown", action: "retry" });
  expect(requests.filter((kind) => kind === "write")).toHaveLength(3);
});

test("unknown SKUs are named and nothing is written", async () => {
  const placing = placeOrder(ports, {
    ...request,
    body: { lines: [...lines, { sku: "sofa", quantity: 1 }] },
  });

  await expect(placing).rejects.toMatchObject({
    code: "unknown-sku",
    details: [{ pointer: "/lines/2/sku" }],
  });
  expect(requests).not.toContain("write");
});

test("an importing client says when the order was placed", async () => {
  const { orderId } = await placeOrder(ports, {
    ...request,
    caller: importing,
    body: { ...body, placedAt: "2018-01-02T00:00:00Z" },
  });

  const [commit] = await store.read(orderId);
  expect(commit?.recordedAt).toBe(now);
  expect(commit?.events[0]?.data).toMatchObject({ placedAt: Date.parse("2018-01-02T00:00:00Z") });
});

test.each([
  {
    name: "without the scope for it",
    caller: request.caller,
    placedAt: "2018-01-02T00:00:00Z",
    code: "insufficient-scope",
  },
  {
    name: "in the future",
    caller: importing,
    placedAt: "2099-01-02T00:00:00Z",
    code: "invalid-request",
  },
  { name: "that is none", caller: importing, placedAt: "yesterday", code: "invalid-request" },
])("a placedAt $name is refused before anything is read", async ({ caller, placedAt, code }) => {
  const placing = placeOrder(ports, { ...request, caller, body: { ...body, placedAt } });

  await expect(placing).rejects.toMatchObject({ code, action: "reject" });
  expect(requests).toEqual([]);
});
