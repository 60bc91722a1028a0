/**
 * The shop's API as the replay uses it, in its own words.
 */
import { signWebhook } from "#adapters/http/standard-webhooks";
import { type StockView, stockView } from "#contracts/http/inventory";
import {
  type OrderTimeline,
  type OrderView,
  orderTimeline,
  orderView,
  type PlaceOrderBody,
  placedOrder,
} from "#contracts/http/orders";
import { type FulfilmentBody, webhookAccepted } from "#contracts/http/webhooks";
import type { Clock } from "#kernel/clock";
import { readAnswer } from "./answers.ts";
import type { ApiClient, ApiRequest } from "./client.ts";

export type ShopApi = {
  /** The order's id; the same key always answers the same one. */
  place(idempotencyKey: string, body: PlaceOrderBody): Promise<string>;
  order(orderId: string): Promise<OrderView>;
  timeline(orderId: string): Promise<OrderTimeline>;
  stock(sku: string): Promise<StockView>;
  /** @param webhookId the same on every sending of a report */
  report(webhookId: string, body: FulfilmentBody): Promise<void>;
};

export type ShopApiProps = {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly token: () => Promise<string>;
  /** The secret that the senders of fulfilment webhooks share with the shop. */
  readonly webhookSecret: string;
};

/**
 * Every method throws `Failure`: what the client throws, and `unexpected` for an answer against the
 * contract.
 */
export function shopApi({ client, clock, token, webhookSecret }: ShopApiProps): ShopApi {
  const authorised = async () => ({ authorization: `Bearer ${await token()}` });
  const get = async <Answer>(path: string, schema: AnswerSchema<Answer>): Promise<Answer> =>
    readAnswer(schema, await client.send({ method: "GET", path, headers: authorised }), path);

  return {
    async place(idempotencyKey, body) {
      const request: ApiRequest = {
        method: "POST",
        path: "/v1/orders",
        headers: async () => ({
          ...JSON_CONTENT,
          ...(await authorised()),
          "idempotency-key": idempotencyKey,
        }),
        body: JSON.stringify(body),
      };
      return readAnswer(placedOrder, await client.send(request), "POST /v1/orders").orderId;
    },
    order: (orderId) => get(`/v1/orders/${orderId}`, orderView),
    timeline: (orderId) => get(`/v1/orders/${orderId}/events`, orderTimeline),
    stock: (sku) => get(`/v1/inventory/${sku}`, stockView),
    async report(webhookId, content) {
      const path = "/v1/webhooks/fulfilment";
      const body = JSON.stringify(content);
      const headers = async () => ({
        ...JSON_CONTENT,
        ...signWebhook({ id: webhookId, sentAt: clock.now(), body, secret: webhookSecret }),
      });
      const answer = await client.send({ method: "POST", path, headers, body });
      readAnswer(webhookAccepted, answer, `POST ${path}`);
    },
  };
}

type AnswerSchema<Answer> = Parameters<typeof readAnswer<Answer>>[0];

const JSON_CONTENT = { "content-type": "application/json" };
