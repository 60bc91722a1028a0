/**
 * One of everything that a request can be about, all of one customer, and all that is written of
 * it.
 */
import { randomUUID } from "node:crypto";
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
    // After the order, so that no delivery to it is ever made.
    order.then(() => make("/v1/webhook-endpoints", { url: "http://127.0.0.1:9/hooks" })),
    make(`/v1/products/${sku}/reviews`, { rating: 5 }),
    make("/v1/reservations", {
      lines: [{ sku, quantity: 1 }],
      expiresAt: new Date(Date.now() + 3_600_000),
    }),
  ]);
  await shop.listed(token, [orderId], "confirmed");
  const product = await shop.call("GET", `/v1/products/${sku}`);
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
