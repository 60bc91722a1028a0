/**
 * What every change of an order is told of its request: which order, who asks, and when.
 */
import { callerOf } from "#runtime/caller";
import type { HttpRequest } from "#runtime/http-route";
import type { Asker } from "#services/orders/usecases/change-order";

export const STAFF: Asker = { kind: "staff" };

export const customerOf = (id: string): Asker => ({ kind: "customer", id });

export const told = (request: Omit<HttpRequest<unknown, unknown>, "body" | "query">) => ({
  orderId: request.path["orderId"] ?? "",
  author: callerOf(request).id,
  moment: { now: request.now, traceparent: request.traceparent },
});
