/**
 * The shop's API as the tour uses it: a visitor, a customer and one of the shop's people.
 */
import {
  CART_SECRET_HEADER,
  type CartView,
  cartView,
  type CreatedCart,
  createdCart,
} from "#contracts/http/carts";
import {
  type ChangedOrder,
  changedOrder,
  type RefundView,
  refundView,
} from "#contracts/http/order-changes";
import { type PlaceOrderBody, placedOrder } from "#contracts/http/orders";
import {
  type ResolveSagaBody,
  type SagaList,
  sagaList,
  type SagaView,
  sagaView,
} from "#contracts/http/sagas";
import { type SearchAnswer, searchAnswer } from "#contracts/http/search";
import { readAnswer } from "../answers.ts";
import type { ApiClient } from "../client.ts";
import type { ShopApi } from "../shop-api.ts";

export type TourApi = Pick<ShopApi, "order" | "stock" | "report"> & {
  /** Of everybody. */
  search(text: string): Promise<SearchAnswer>;
  newCart(): Promise<CreatedCart>;
  addTo(
    cart: Pick<CreatedCart, "cartId" | "secret">,
    key: string,
    item: { readonly sku: string; readonly quantity: number },
  ): Promise<CartView>;
  /** Of the customer. */
  ownCart(key: string): Promise<CreatedCart>;
  merge(into: string, from: Pick<CreatedCart, "cartId" | "secret">): Promise<CartView>;
  place(key: string, body: PlaceOrderBody): Promise<string>;
  cancel(orderId: string, reason: string): Promise<ChangedOrder>;
  /** Of the shop's people. */
  refund(
    orderId: string,
    key: string,
    body: { readonly amount: number; readonly reason: string },
  ): Promise<RefundView>;
  stuck(): Promise<SagaList>;
  saga(orderId: string): Promise<SagaView>;
  resolve(orderId: string, body: ResolveSagaBody): Promise<SagaView>;
};

export type TourApiProps = {
  readonly client: ApiClient;
  /** As the customer sees orders and stock, and as carriers report. */
  readonly shop: Pick<ShopApi, "order" | "stock" | "report">;
  readonly customer: () => Promise<string>;
  readonly staff: () => Promise<string>;
};

/**
 * Every method throws `Failure`: what the client throws, and `unexpected` for an answer against the
 * contract.
 */
export function tourApi({ client, shop, customer, staff }: TourApiProps): TourApi {
  const asked = async <Answer>(
    method: "GET" | "POST",
    path: string,
    schema: Parameters<typeof readAnswer<Answer>>[0],
    { token, key, secret, body }: Sent = {},
  ): Promise<Answer> => {
    const headers = async () => ({
      ...(token !== undefined && { authorization: `Bearer ${await token()}` }),
      ...(key !== undefined && { "idempotency-key": key }),
      ...(secret !== undefined && { [CART_SECRET_HEADER]: secret }),
      ...(body !== undefined && { "content-type": "application/json" }),
    });
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await client.send({ method, path, headers, ...content });
    return readAnswer(schema, answer, `${method} ${path}`);
  };

  return {
    ...shop,
    search: (text) =>
      asked("GET", `/v1/products/search?${new URLSearchParams({ q: text })}`, searchAnswer),
    newCart: () => asked("POST", "/v1/carts", createdCart, { body: {} }),
    addTo: ({ cartId, secret }, key, item) =>
      asked("POST", `/v1/carts/${cartId}/items`, cartView, { key, secret, body: item }),
    ownCart: (key) => asked("POST", "/v1/carts", createdCart, { token: customer, key, body: {} }),
    merge: (into, { cartId, secret }) =>
      asked("POST", `/v1/carts/${into}/merge`, cartView, {
        token: customer,
        body: { cartId, secret },
      }),
    place: async (key, body) =>
      (await asked("POST", "/v1/orders", placedOrder, { token: customer, key, body })).orderId,
    cancel: (orderId, reason) =>
      asked("POST", `/v1/orders/${orderId}/cancel`, changedOrder, {
        token: customer,
        body: { reason },
      }),
    refund: (orderId, key, body) =>
      asked("POST", `/v1/orders/${orderId}/refunds`, refundView, { token: staff, key, body }),
    stuck: () => asked("GET", "/v1/admin/sagas?status=stuck&limit=100", sagaList, { token: staff }),
    saga: (orderId) => asked("GET", `/v1/admin/sagas/${orderId}`, sagaView, { token: staff }),
    resolve: (orderId, body) =>
      asked("POST", `/v1/admin/sagas/${orderId}/resolve`, sagaView, { token: staff, body }),
  };
}

type Sent = {
  readonly token?: () => Promise<string>;
  readonly key?: string;
  readonly secret?: string | undefined;
  readonly body?: object;
};
