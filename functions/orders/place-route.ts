/**
 * POST /v1/orders: what HTTP adds to placing an order: the key from its header, 202 with where to
 * look, and the count of what it cost.
 */
import { placeOrderBody, type PlacedOrder } from "#contracts/http/orders";
import { METRICS } from "#contracts/metrics";
import { callerOf } from "#runtime/caller";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import type { Telemetry } from "#runtime/telemetry";
import { placeOrder, type PlaceOrderPorts } from "#services/orders/usecases/place-order";
import { countingPorts, type StoreRequest } from "#services/orders/usecases/place-order-cost";

const ROUTE = "POST /v1/orders";
/** A saga takes about that long. */
const RETRY_AFTER_SECONDS = "1";

const COST = {
  read: METRICS.placeReads,
  write: METRICS.placeWrites,
} as const satisfies Record<StoreRequest, string>;

export function placeRoute(ports: PlaceOrderPorts, telemetry: Pick<Telemetry, "count">): HttpRoute {
  const counted = countingPorts(ports, (request) => telemetry.count(COST[request]));
  return route({
    route: ROUTE,
    bodySchema: placeOrderBody,
    async handle(request) {
      const { orderId, repeated } = await placeOrder(counted, {
        caller: callerOf(request),
        route: ROUTE,
        idempotencyKey: idempotencyKey(request.headers),
        body: request.body,
        now: request.now,
        traceparent: request.traceparent,
      });
      telemetry.count(repeated ? METRICS.ordersRepeated : METRICS.ordersPlaced);
      const self = `/v1/orders/${orderId}`;
      const body: PlacedOrder = {
        orderId,
        status: "placed",
        links: { self, events: `${self}/events` },
      };
      return { status: 202, headers: { location: self, "retry-after": RETRY_AFTER_SECONDS }, body };
    },
  });
}
