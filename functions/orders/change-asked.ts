/**
 * What is taken from a request about one order: which, who asks, and when.
 */
import { ORDER_STAFF } from "#contracts/http/order-routes";
import { callerOf } from "#runtime/caller";
import type { HttpRequest } from "#runtime/http-route";
import type { Asker } from "#services/orders/usecases/asker";

export const STAFF: Asker = { kind: "staff" };

export const customerOf = (id: string): Asker => ({ kind: "customer", id });

/** Staff where the token says so, on routes that let both in. */
export function askerOf(request: Pick<HttpRequest<unknown, unknown>, "subject">): Asker {
  const { id, scopes } = callerOf(request);
  return scopes.includes(ORDER_STAFF) ? STAFF : customerOf(id);
}

export const told = (request: Omit<HttpRequest<unknown, unknown>, "body" | "query">) => ({
  orderId: request.path["orderId"] ?? "",
  author: callerOf(request).id,
  moment: { now: request.now, traceparent: request.traceparent },
});
