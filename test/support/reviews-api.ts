/**
 * Reviews of one product over HTTP and memory: each call by its customer, and what became of the
 * stars.
 */
import { reviewView } from "#contracts/http/reviews";
import type { EpochMs } from "#kernel/units";
import { nextCommit } from "#messaging";
import type { GatewayRequest } from "./gateway-event.ts";
import { productOfTest } from "./products.ts";
import { noon, productsApi } from "./products-api.ts";

const COLLECTION = "/v1/products/{sku}/reviews";
const ITEM = `${COLLECTION}/{reviewId}`;

/** By default Ana, who may write reviews, at noon. */
export type Call = {
  readonly caller?: string;
  readonly now?: EpochMs;
  readonly scopes?: readonly string[];
};

/** Of an order that `order` makes. */
export const ORDER = "0123456789ABCDEFGHJKMNPQRS";

export const hide = { decision: "hide", reason: "Not about the product." };
export const publish = { decision: "publish", reason: "It is." };

export const viewOf = (answer: { readonly body: string }) =>
  reviewView.parse(JSON.parse(answer.body));

export const typeOf = (answer: { readonly body: string }): string =>
  String((JSON.parse(answer.body) as { type: string }).type).replace("urn:inorder:problem:", "");

const reportOf = (status: string) => ({
  type: "order.fulfilment-reported",
  data: {
    report: "final-status",
    status,
    receivedAt: noon,
    appliedAt: noon,
    held: false,
    webhookId: "msg_1",
    webhookSequence: 1,
  },
});

export type ReviewsApi = Awaited<ReturnType<typeof reviewsApi>>;

/** There is a lamp, and a product that is gone. */
export async function reviewsApi() {
  const { products, orders, call: send } = productsApi();
  await products.write([productOfTest("lamp"), productOfTest("gone", { deleted: true })]);
  const call = (request: GatewayRequest, { scopes = ["reviews:write"], ...rest }: Call = {}) =>
    send(request, { scopes, caller: "ana", ...rest });
  const at = (reviewId: string) => ({ resource: ITEM, parameters: { sku: "lamp", reviewId } });
  return {
    products,
    write: (body: unknown, change?: Call, sku = "lamp") =>
      call({ method: "POST", resource: COLLECTION, parameters: { sku }, body }, change),
    get: (reviewId: string, headers: Record<string, string> = {}) =>
      call({ method: "GET", ...at(reviewId), headers }),
    list: (query: Record<string, string> = {}, sku = "lamp") =>
      call({ method: "GET", resource: COLLECTION, parameters: { sku }, query }),
    patch: (
      reviewId: string,
      body: unknown,
      change?: Call,
      headers: Record<string, string> = { "if-match": "*" },
    ) => call({ method: "PATCH", ...at(reviewId), body, headers }, change),
    remove: (reviewId: string, change?: Call) =>
      call({ method: "DELETE", ...at(reviewId) }, change),
    moderate: (reviewId: string, body: unknown, scopes = ["reviews:moderate"]) => {
      const parameters = { sku: "lamp", reviewId };
      const request = { method: "POST", resource: `${ITEM}/moderate`, parameters, body };
      return call(request, { scopes, caller: "staff-1" });
    },
    stars: async () => (await products.get("lamp"))?.rating,
    /** An order of one lamp, and what happened to it afterwards: events, or reported statuses. */
    async order(customerId: string, ...happened: readonly string[]): Promise<void> {
      const placed = {
        orderId: ORDER,
        customerId,
        placedAt: noon,
        currency: "BRL",
        lines: [{ sku: "lamp", quantity: 1, unitPrice: 1990, unitFreight: 500 }],
        total: 2490,
      };
      const events = [
        { type: "order.placed", data: placed },
        ...happened.map((what) =>
          what.startsWith("order.") ? { type: what, data: {} } : reportOf(what),
        ),
      ];
      await orders.append(nextCommit(ORDER, [], { events, recordedAt: noon }));
    },
  };
}
