// The orders' routes inside the onion, with the events that API Gateway sends.
import { beforeEach, expect, test } from "vitest";
import { signedCursors } from "#adapters/http/signed-cursor";
import { memoryCartStore } from "#adapters/memory/cart-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { type MemoryEventStore, memoryEventStore } from "#adapters/memory/event-store";
import { memoryOrderPlacements } from "#adapters/memory/order-placements";
import { placedOrder, orderListPage, orderView } from "#contracts/http/orders";
import { METRICS } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import { httpFunction } from "#runtime/http-function";
import type { OrderListRequest, OrderPlacements } from "#services/orders/ports";
import { placeRoute } from "../../../functions/orders/place-route.ts";
import { readRoutes } from "../../../functions/orders/read-routes.ts";
import {
  countedSurroundings,
  type CountedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { customerId, now, orderId } from "../../support/order-samples.ts";

const catalogue = memoryCatalogue([{ sku: "lamp", currency: "BRL", price: 1299, freight: 1 }]);
const cursors = signedCursors(async () => "a secret that only this test knows");

let store: MemoryEventStore;
let surroundings: CountedSurroundings;
let listed: OrderListRequest[];

beforeEach(() => {
  store = memoryEventStore();
  surroundings = countedSurroundings(now);
  listed = [];
});

/** A token is the name of its subject here. */
const verifier = {
  verify: async (token: string) => ({ id: token, scopes: ["orders:read", "orders:write"] }),
};

const list = {
  page: async (request: OrderListRequest) => {
    listed.push(request);
    return { orders: [], next: request.after === undefined ? "position-1" : undefined };
  },
};

async function call(
  request: GatewayRequest,
  token = customerId,
  over: OrderPlacements = memoryOrderPlacements(store),
) {
  const records = {
    read: async (id: string) => ({ commits: await store.read(id), fulfilment: undefined }),
  };
  const handler = httpFunction(
    {
      service: "orders",
      verifier,
      routes: [
        placeRoute({ catalogue, store: over, carts: memoryCartStore() }, surroundings.telemetry),
        ...readRoutes({ records, list, cursors }),
      ],
    },
    surroundings,
    untraced,
  );
  const headers = { Authorization: `Bearer ${token}`, ...request.headers };
  const answer = await handler(gatewayEvent({ ...request, headers }), lambdaContext());
  return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> };
}

const place = (key: string | undefined, body: unknown): GatewayRequest => ({
  method: "POST",
  resource: "/v1/orders",
  headers: key === undefined ? {} : { "Idempotency-Key": key },
  body,
});
const oneLamp = { lines: [{ sku: "lamp", quantity: 1 }] };

test("a placed order is answered 202 with where to look and when", async () => {
  const answer = await call(place("key-1", oneLamp));

  expect(answer.statusCode).toBe(202);
  expect(answer.headers).toMatchObject({ "retry-after": "1" });
  const { orderId: id, links } = placedOrder.parse(answer.json);
  expect(answer.headers?.["location"]).toBe(`/v1/orders/${id}`);
  expect(links).toEqual({ self: `/v1/orders/${id}`, events: `/v1/orders/${id}/events` });
});

test("bare and quoted keys are the same key, and the cost of each request is counted", async () => {
  const first = await call(place("key-1", oneLamp));
  const second = await call(place('"key-1"', oneLamp));

  expect(second.body).toBe(first.body);
  expect(surroundings.counts.get(METRICS.ordersPlaced)).toBe(1);
  expect(surroundings.counts.get(METRICS.ordersRepeated)).toBe(1);
  expect(surroundings.counts.get(METRICS.placeReads)).toBe(2);
  expect(surroundings.counts.get(METRICS.placeWrites)).toBe(2);
});

test("a request that failed in the store is counted too", async () => {
  const broken: OrderPlacements = {
    read: (stream) => store.read(stream),
    begin: () => Promise.reject(new Failure("store-throttled", "retry", "busy")),
  };

  const answer = await call(place("key-1", oneLamp), customerId, broken);

  expect(answer.statusCode).toBe(503);
  expect(surroundings.counts.get(METRICS.placeWrites)).toBe(1);
  expect(surroundings.counts.get(METRICS.ordersPlaced)).toBeUndefined();
});

test.each([
  { name: "no key", request: place(undefined, oneLamp), status: 400, says: "key-missing" },
  { name: "a wrong key", request: place("a key", oneLamp), status: 400, says: "invalid-request" },
  { name: "an unknown field", request: place("k", { ...oneLamp, x: 1 }), status: 400, says: "/x" },
  { name: "no lines", request: place("k", { lines: [] }), status: 400, says: "/lines" },
  {
    name: "an unknown SKU",
    request: place("k", { lines: [{ sku: "sofa", quantity: 1 }] }),
    status: 422,
    says: "/lines/0/sku",
  },
  {
    name: "a purchase time of its own",
    request: place("k", { ...oneLamp, placedAt: "2018-01-02T00:00:00Z" }),
    status: 403,
    says: "insufficient-scope",
  },
])("an order with $name is a problem and counts as none", async ({ request, status, says }) => {
  const answer = await call(request);

  expect(answer.statusCode).toBe(status);
  expect(answer.headers?.["content-type"]).toBe("application/problem+json");
  expect(answer.body).toContain(says);
  expect(surroundings.counts.get(METRICS.ordersPlaced)).toBeUndefined();
  expect(surroundings.counts.get(METRICS.placeWrites)).toBeUndefined();
});

test("a placed order can be looked at by its customer and by nobody else", async () => {
  const placed = await call(place("key-1", oneLamp));
  const look = (resource: string): GatewayRequest => ({
    method: "GET",
    resource,
    parameters: { orderId: String(placed.json["orderId"]) },
  });

  const view = await call(look("/v1/orders/{orderId}"));
  const events = await call(look("/v1/orders/{orderId}/events"));
  const foreign = await call(look("/v1/orders/{orderId}"), "client-bob");
  const foreignEvents = await call(look("/v1/orders/{orderId}/events"), "client-bob");

  expect(orderView.parse(view.json)).toMatchObject({ total: { amount: 1300, currency: "BRL" } });
  expect(events.json["events"]).toMatchObject([{ sequence: 1, type: "order.placed" }]);
  expect([foreign.statusCode, foreignEvents.statusCode]).toEqual([404, 404]);
});

test("an order that does not exist is not found", async () => {
  const answer = await call({
    method: "GET",
    resource: "/v1/orders/{orderId}",
    parameters: { orderId },
  });

  expect(answer.statusCode).toBe(404);
});

test("a list goes on where its sealed cursor says, for the caller it was made for", async () => {
  const listing = (query: Record<string, string>): GatewayRequest => ({
    method: "GET",
    resource: "/v1/orders",
    query,
  });

  const first = await call(listing({ limit: "5" }));
  const cursor = orderListPage.parse(first.json).next ?? "";
  const second = await call(listing({ limit: "5", cursor }));
  const stolen = await call(listing({ cursor }), "client-bob");
  const forged = await call(listing({ cursor: `${cursor.slice(0, -1)}_` }));

  expect(listed).toEqual([
    { customerId, limit: 5 },
    { customerId, limit: 5, after: "position-1" },
  ]);
  expect(second.json).toEqual({ orders: [] });
  expect([stolen.statusCode, forged.statusCode]).toEqual([400, 400]);
  expect(first.headers).toMatchObject({ link: `<?limit=5&cursor=${cursor}>; rel="next"` });
  expect(second.headers).not.toHaveProperty("link");
});

test("a list from an instant on keeps to it over its pages", async () => {
  const from = (instant: string, more: Record<string, string> = {}) =>
    call({
      method: "GET",
      resource: "/v1/orders",
      query: { limit: "5", "placedAt[gte]": instant, ...more },
    });
  const placedFrom = "2030-01-02T00:00:00.000Z";

  const first = await from("2030-01-02T00:00:00Z");
  const link = /<\?(.*)>/.exec(String(first.headers?.["link"]))?.[1];
  const { cursor = "", ...asked } = Object.fromEntries(new URLSearchParams(link));
  const other = await from("2030-01-03T00:00:00Z", { cursor });
  const bad = [await from("yesterday"), await from("2030-01-02T00:00:00+02:00")];
  await from("2030-01-02T00:00:00Z", { cursor });

  expect(asked).toEqual({ limit: "5", "placedAt[gte]": placedFrom });
  expect([other, ...bad].map(({ statusCode }) => statusCode)).toEqual([400, 400, 400]);
  expect(bad[0]?.body).toContain("/query/placedAt[gte]");
  expect(listed).toEqual([
    { customerId, limit: 5, placedFrom },
    { customerId, limit: 5, placedFrom, after: "position-1" },
  ]);
});
