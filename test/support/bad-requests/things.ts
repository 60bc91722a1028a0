/**
 * One of everything that a request can be about, all of one customer, and all that is written of
 * it.
 */
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import type { OrderTimeline } from "#contracts/http/orders";
import { SERVICES } from "#contracts/metrics";
import { eventually } from "../eventually.ts";
import type { Answer } from "../shop/api.ts";
import { subjectOf } from "../shop/token.ts";
import type { Shop } from "../shop.ts";
import type { Things } from "./good-requests.ts";

export async function existing(shop: Shop, token: string): Promise<Things> {
  const sku = await shop.product(1_000, 50);
  const make = async (path: string, body: unknown): Promise<Answer> => {
    const headers = { "idempotency-key": randomUUID() };
    const answer = await shop.call("POST", path, { token, headers, body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer;
  };
  const order = shop.settledOrder(token, sku);
  const cart = async (): Promise<string> => {
    const cartId = String((await make("/v1/carts", {})).body["cartId"]);
    await make(`/v1/carts/${cartId}/items`, { sku, quantity: 1, version: 1 });
    return cartId;
  };
  const [{ orderId }, cartId, endpoint, review, reservation] = await Promise.all([
    order,
    cart(),
    make("/v1/webhook-endpoints", { url: "http://127.0.0.1:9/hooks", events: NEVER_COMES }),
    make(`/v1/products/${sku}/reviews`, { rating: 5 }),
    make("/v1/reservations", {
      lines: [{ sku, quantity: 1 }],
      expiresAt: new Date(Date.now() + 3_600_000),
    }),
  ]);
  const [product] = await Promise.all([
    shop.call("GET", `/v1/products/${sku}`),
    shop.listed(token, [orderId], "confirmed"),
    deliveriesPlanned(shop, token, orderId),
  ]);
  return {
    sku,
    orderId,
    cartId,
    endpointId: String(endpoint.body["endpointId"]),
    endpointTag: tagOf(endpoint),
    reviewId: String(review.body["reviewId"]),
    reviewTag: tagOf(review),
    reservationId: String(reservation.body["reservationId"]),
    productTag: tagOf(product),
  };
}

/** Deliveries are written when they are planned and tried: there is none for these. */
const NEVER_COMES = ["order.return-received"];

/** Whoever plans deliveries has a queue and a position of his own. */
async function deliveriesPlanned(shop: Shop, token: string, orderId: string): Promise<void> {
  const client = new DynamoDBClient(shop.connection);
  const place = { client, table: shop.outputs.WebhooksTable, consumer: SERVICES.webhookPlan };
  const heads = dynamoHeadStore({ ...place, writes: noWrites });
  const { body } = await shop.call("GET", `/v1/orders/${orderId}/events`, { token });
  const last = (body as OrderTimeline).events.at(-1)?.sequence;
  await eventually(async () => expect((await heads.read(orderId))?.last).toBe(last), {
    withinMs: 60_000,
  });
  client.destroy();
}

const tagOf = ({ headers }: Answer): string => headers.get("etag") ?? "";

/** As they are written, in an order of their own: of the things, and of who holds these tokens. */
export async function itemsAbout(
  { items, outputs }: Shop,
  marks: readonly string[],
  tokens: readonly string[],
): Promise<readonly string[]> {
  const wanted = [...marks, ...tokens.map(subjectOf)];
  const tables = [
    outputs.OrdersTable,
    outputs.OrderListTable,
    outputs.CartsTable,
    outputs.ProductsTable,
    outputs.ReviewsTable,
    outputs.StockTable,
    outputs.PaymentsTable,
    outputs.WebhooksTable,
  ];
  const all = (await Promise.all(tables.map(items))).flat().map((item) => JSON.stringify(item));
  return all.filter((item) => wanted.some((mark) => item.includes(mark))).toSorted();
}
