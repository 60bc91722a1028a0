/**
 * One request for each route of the route table that nothing is wrong with: what it is about, whose
 * it is, what it says. Everything bad is made from these, so a new route needs its row here.
 */
import { randomUUID } from "node:crypto";
import { BULK_BYTES_MAX } from "#contracts/http/bulk-products";
import type { RouteKey } from "#contracts/http/routes";

/** What exists before anything bad is sent. All but the product belongs to one customer. */
export type Things = {
  readonly sku: string;
  readonly orderId: string;
  readonly cartId: string;
  readonly endpointId: string;
  /** The endpoint's ETag of now. */
  readonly endpointTag: string;
  readonly reviewId: string;
  readonly reviewTag: string;
  readonly reservationId: string;
  readonly productTag: string;
};

export type GoodRequest = {
  /** By the names in the route's path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Where its body may have more bytes than others. */
  readonly bytesMax?: number;
  /** Texts of the body that may hold any characters: they are only looked for. */
  readonly anyText?: readonly string[];
  /** Of lists and searches: a query that is right. */
  readonly query?: string;
  /** Whatever its query says is passed over. */
  readonly hasAnyQuery?: true;
  /** What its path names is its customer's own: nobody else is told that it exists. */
  readonly isOwned?: true;
  /** Its write asks for the Idempotency-Key. */
  readonly hasKey?: true;
  /** The ETag of what it changes. */
  readonly ifMatch?: string;
  /** What of its path may be an id that nothing has: there is nothing of it, and no harm done. */
  readonly mayBeUnknown?: string;
};

const NOTHING = "0".repeat(26);
const reason = "a reason";

export const goodRequests = (things: Things): Readonly<Record<RouteKey, GoodRequest>> => ({
  ...catalogue(things),
  ...reviewsAndStock(things),
  ...carts(things),
  ...orders(things),
  ...sagas(things),
  ...endpoints(things),
  ...reports(things),
});

const money = { amount: 1_000, currency: "BRL" };

const catalogue = ({ sku, productTag }: Things) =>
  ({
    "GET /v1/products": { query: "limit=1" },
    "GET /v1/products/{sku}": { path: { sku } },
    "POST /v1/products": {
      body: {
        sku: `${sku}-new`,
        title: "A lamp",
        description: "It shines.",
        category: "lamps",
        price: money,
        freight: money,
        weightGrams: 10,
        images: ["lamp.jpg"],
        attributes: { colour: "red" },
      },
    },
    "POST /v1/products/bulk": {
      body: { products: [{ sku: `${sku}-new`, title: "A lamp", price: money, freight: money }] },
      bytesMax: BULK_BYTES_MAX,
    },
    "PATCH /v1/products/{sku}": {
      path: { sku },
      ifMatch: productTag,
      body: { title: "Another lamp", price: { amount: 2_000 }, attributes: { colour: "blue" } },
    },
    "DELETE /v1/products/{sku}": { path: { sku } },
    "GET /v1/categories": {},
    "GET /v1/products/search": { query: "q=lamp" },
    "POST /v1/products/search": {
      body: { q: "lamp", categories: ["lamps"], limit: 5 },
      anyText: ["/q", "/categories/0"],
    },
    "GET /v1/products/suggest": { query: "q=la" },
    "GET /v1/products/{sku}/recommendations": {
      path: { sku },
      query: "limit=1",
      mayBeUnknown: "sku",
    },
  }) satisfies Partial<Record<RouteKey, GoodRequest>>;

const reviewsAndStock = ({ sku, reviewId, reviewTag, reservationId, orderId }: Things) =>
  ({
    "GET /v1/products/{sku}/reviews": { path: { sku }, query: "limit=1", mayBeUnknown: "sku" },
    "POST /v1/products/{sku}/reviews": {
      path: { sku },
      body: { rating: 5, title: "Bright", text: "Very bright.", orderId },
    },
    "GET /v1/products/{sku}/reviews/{reviewId}": { path: { sku, reviewId } },
    "PATCH /v1/products/{sku}/reviews/{reviewId}": {
      path: { sku, reviewId },
      isOwned: true,
      ifMatch: reviewTag,
      body: { rating: 4, title: "Bright enough" },
    },
    "DELETE /v1/products/{sku}/reviews/{reviewId}": { path: { sku, reviewId }, isOwned: true },
    "POST /v1/products/{sku}/reviews/{reviewId}/moderate": {
      path: { sku, reviewId },
      body: { decision: "hide", reason },
    },
    "GET /v1/inventory/{sku}": { path: { sku } },
    "POST /v1/inventory/{sku}/adjustments": {
      path: { sku },
      hasKey: true,
      body: { delta: 5, reason },
    },
    "GET /v1/inventory/{sku}/adjustments": { path: { sku }, query: "limit=1" },
    "PUT /v1/inventory/{sku}/shards": { path: { sku }, body: { shards: 2 } },
    "POST /v1/reservations": {
      hasKey: true,
      // Made once, used until a long file ends, and within the day that is allowed.
      body: { lines: [{ sku, quantity: 1 }], expiresAt: new Date(Date.now() + 3_600_000) },
    },
    "GET /v1/reservations/{reservationId}": { path: { reservationId }, isOwned: true },
    "DELETE /v1/reservations/{reservationId}": { path: { reservationId }, isOwned: true },
  }) satisfies Partial<Record<RouteKey, GoodRequest>>;

const carts = ({ sku, cartId }: Things) =>
  ({
    "POST /v1/carts": { hasKey: true, body: {} },
    "GET /v1/carts/{cartId}": { path: { cartId }, isOwned: true },
    "POST /v1/carts/{cartId}/items": {
      path: { cartId },
      isOwned: true,
      hasKey: true,
      body: { sku, quantity: 1, version: 1 },
    },
    "PATCH /v1/carts/{cartId}/items/{sku}": {
      path: { cartId, sku },
      mayBeUnknown: "sku",
      isOwned: true,
      ifMatch: '"2"',
      body: { quantity: 7 },
    },
    "DELETE /v1/carts/{cartId}/items/{sku}": {
      path: { cartId, sku },
      mayBeUnknown: "sku",
      isOwned: true,
      ifMatch: '"2"',
    },
    "POST /v1/carts/{cartId}/merge": {
      path: { cartId },
      isOwned: true,
      body: { cartId: NOTHING, secret: "guessed" },
      anyText: ["/secret"],
    },
  }) satisfies Partial<Record<RouteKey, GoodRequest>>;

const orders = ({ sku, orderId }: Things) =>
  ({
    "POST /v1/orders": {
      hasKey: true,
      body: {
        lines: [{ sku, quantity: 1 }],
        country: "BR",
        discountCodes: ["WELCOME"],
        expectedPrices: [{ sku, unitPrice: 1_000, unitFreight: 0 }],
        externalReference: "A-1",
      },
    },
    "GET /v1/orders": { query: "limit=1" },
    "GET /v1/orders/{orderId}": { path: { orderId }, isOwned: true },
    "GET /v1/orders/{orderId}/events": { path: { orderId }, isOwned: true },
    "POST /v1/orders/{orderId}/cancel": { path: { orderId }, isOwned: true, body: { reason } },
    "POST /v1/orders/{orderId}/review": {
      path: { orderId },
      body: { decision: "approved", reason },
    },
    "POST /v1/orders/{orderId}/refunds": {
      path: { orderId },
      hasKey: true,
      body: { amount: 100, reason },
    },
    "POST /v1/orders/{orderId}/returns": {
      path: { orderId },
      isOwned: true,
      hasKey: true,
      body: { lines: [{ sku, quantity: 1 }], reason },
    },
    "POST /v1/orders/{orderId}/returns/{returnId}/receive": {
      path: { orderId, returnId: NOTHING },
      body: { reason, amount: 0 },
    },
  }) satisfies Partial<Record<RouteKey, GoodRequest>>;

const sagas = ({ orderId }: Things) =>
  ({
    "GET /v1/audit": { query: `target=${orderId}&limit=1` },
    "GET /v1/admin/sagas": { query: "status=stuck" },
    "GET /v1/admin/sagas/{orderId}": { path: { orderId } },
    "POST /v1/admin/sagas/{orderId}/retry": { path: { orderId }, body: { reason } },
    "POST /v1/admin/sagas/{orderId}/resolve": {
      path: { orderId },
      body: {
        outcome: "rejected",
        rejection: { reason: "payment-failed", detail: "Sorry." },
        reason,
      },
    },
  }) satisfies Partial<Record<RouteKey, GoodRequest>>;

const endpoints = ({ endpointId, endpointTag: ifMatch }: Things) => {
  const path = { endpointId };
  return {
    "POST /v1/webhook-endpoints": {
      hasKey: true,
      body: { url: "http://127.0.0.1:9/other", description: "Another", events: ["order.placed"] },
    },
    "GET /v1/webhook-endpoints": {},
    "GET /v1/webhook-endpoints/{endpointId}": { path, isOwned: true },
    "PATCH /v1/webhook-endpoints/{endpointId}": {
      path,
      isOwned: true,
      ifMatch,
      body: { url: "http://127.0.0.1:9/moved", description: "Moved", status: "disabled" },
    },
    "DELETE /v1/webhook-endpoints/{endpointId}": { path, isOwned: true, ifMatch },
    "POST /v1/webhook-endpoints/{endpointId}/test": { path, isOwned: true, hasKey: true },
    "POST /v1/webhook-endpoints/{endpointId}/rotate-secret": {
      path,
      isOwned: true,
      ifMatch,
      body: { overlapSeconds: 60 },
    },
    "GET /v1/webhook-endpoints/{endpointId}/deliveries": { path, isOwned: true, query: "limit=1" },
    "POST /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/replay": {
      path: { endpointId, deliveryId: randomUUID() },
      isOwned: true,
      hasKey: true,
    },
  } satisfies Partial<Record<RouteKey, GoodRequest>>;
};

const reports = ({ orderId }: Things) =>
  ({
    "POST /v1/webhooks/fulfilment": {
      body: { orderId, sequence: 1, type: "approved", occurredAt: "2030-01-01T00:00:00Z" },
    },
    "POST /v1/webhooks/payments": {
      body: {
        type: "payment.updated",
        payment: {
          paymentId: `pay-${orderId}`,
          status: "captured",
          amount: 1_000,
          currency: "BRL",
          reference: orderId,
          refunded: 0,
        },
      },
    },
    "POST /oauth2/token": { hasAnyQuery: true },
    "GET /.well-known/jwks.json": {},
    "GET /health/live": {},
    "GET /health/ready": {},
    "GET /v1/openapi.json": {},
    "GET /v1/asyncapi.json": {},
  }) satisfies Partial<Record<RouteKey, GoodRequest>>;
