// The routes that change an order, inside the onion: whose order it is, and what is refused.
import { beforeEach, expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryReviewTokens } from "#adapters/memory/review-tokens";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import type { EventStore } from "#messaging";
import { httpFunction } from "#runtime/http-function";
import type { OrderEvent } from "#services/orders/domain/events";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import { changeRoutes } from "../../../functions/orders/change-routes.ts";
import { refundRoutes } from "../../../functions/orders/refund-routes.ts";
import { sagaRoutes } from "../../../functions/orders/saga-routes.ts";
import {
  countedSurroundings,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { confirmed, customerId, now, orderId, placed } from "../../support/order-samples.ts";

let store: EventStore;
let starter: ReturnType<typeof memorySagaStarter>;

beforeEach(() => {
  store = memoryEventStore();
  starter = memorySagaStarter();
});

async function given(...events: readonly OrderEvent[]): Promise<void> {
  for (const event of events) {
    const order = loadOrder(orderId, await store.read(orderId));
    await store.append(commitOf(order, [event], { now }));
  }
}

/** A token is the name of its subject here. */
const verifier = {
  verify: async (token: string) => ({
    id: token,
    scopes: token === "ops" ? ["orders:operate"] : ["orders:write"],
  }),
};

async function post(resource: string, body: unknown, token = customerId, key?: string) {
  const ports = {
    store,
    starter,
    tokens: memoryReviewTokens(),
    callbacks: { wake: async () => "gone" as const },
    watch: { stuck: async () => [] },
    records: {
      read: async () => ({ payment: { status: "none" as const }, stock: "none" as const }),
    },
    tell: () => undefined,
    tellWoken: () => undefined,
    tellPostponed: () => undefined,
  };
  const handler = httpFunction(
    {
      service: "orders",
      verifier,
      routes: [...changeRoutes(ports), ...refundRoutes(ports), ...sagaRoutes(ports)],
    },
    countedSurroundings(now),
    untraced,
  );
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(key !== undefined && { "Idempotency-Key": key }),
  };
  const parameters = { orderId };
  const event = gatewayEvent({ method: "POST", resource, parameters, headers, body });
  const answer = await handler(event, lambdaContext());
  return { status: answer.statusCode, text: answer.body };
}

const CANCEL = "/v1/orders/{orderId}/cancel";
const REFUNDS = "/v1/orders/{orderId}/refunds";
const RETRY = "/v1/admin/sagas/{orderId}/retry";
const why = { reason: "because" };

test("a cancellation is accepted as often as it is asked for, and written once", async () => {
  await given(placed);

  expect((await post(CANCEL, why)).status).toBe(202);
  expect((await post(CANCEL, why)).status).toBe(202);
  expect(await store.read(orderId)).toHaveLength(2);
});

test("staff cancel for a customer, and are the ones who did", async () => {
  await given(placed);

  expect((await post(CANCEL, why, "ops")).status).toBe(202);
  const [, asked] = await store.read(orderId);
  expect(asked?.events).toMatchObject([
    { type: "order.cancel-requested", data: { author: "ops", ...why } },
  ]);
});

test("what has been paid is paid back by a run of its own", async () => {
  await given(placed, confirmed);

  await post(CANCEL, why);
  await post(REFUNDS, { amount: 1, ...why }, "ops", "key-1");

  expect(starter.started).toEqual([`${orderId}-refund-cancel`]);
});

test.each([
  { name: "another's order", at: CANCEL, body: why, token: "bob", status: 404 },
  { name: "an unknown field", at: CANCEL, body: { ...why, x: 1 }, token: customerId, status: 400 },
  { name: "no reason", at: CANCEL, body: {}, token: customerId, status: 400 },
  { name: "no scope", at: REFUNDS, body: { amount: 1, ...why }, token: customerId, status: 403 },
  { name: "no key", at: REFUNDS, body: { amount: 1, ...why }, token: "ops", status: 400 },
  { name: "no amount", at: REFUNDS, body: { amount: 0, ...why }, token: "ops", status: 400 },
  { name: "nothing stuck", at: RETRY, body: why, token: "ops", status: 409 },
])("a request with $name is refused with $status, and nothing is written", async (row) => {
  await given(placed);

  expect(await post(row.at, row.body, row.token)).toMatchObject({ status: row.status });
  expect(await store.read(orderId)).toHaveLength(1);
});
