/**
 * GET /v1/orders and below: a customer's own orders, and any one of them for staff. Cursors are
 * sealed for the caller, so nobody can page through another's list.
 */
import { nextPage, startOf } from "#adapters/http/next-page";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { listOrdersQuery } from "#contracts/http/orders";
import { callerOf } from "#runtime/caller";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import type { OrderList, OrderRecords } from "#services/orders/ports";
import { listOrders } from "#services/orders/usecases/list-orders";
import { orderTimeline } from "#services/orders/usecases/order-timeline";
import { viewOrder } from "#services/orders/usecases/view-order";
import { askerOf } from "./change-asked.ts";

export type ReadPorts = {
  readonly records: OrderRecords;
  readonly list: OrderList;
  readonly cursors: SignedCursors;
};

export function readRoutes({ records, list, cursors }: ReadPorts): readonly HttpRoute[] {
  const listRoute = route({
    route: "GET /v1/orders",
    querySchema: listOrdersQuery,
    async handle(request) {
      const { limit, status, "placedAt[gte]": placedFrom } = request.query;
      const customerId = callerOf(request).id;
      const filter = {
        ...(status !== undefined && { status }),
        ...(placedFrom !== undefined && { placedFrom }),
      };
      const binding = { route: "GET /v1/orders", customerId, ...filter };
      const paging = { cursors, binding, query: request.query };
      const asked = { customerId, limit, ...filter, ...(await startOf(paging)) };
      const page = await listOrders({ list }, asked);
      const { headers, ...next } = await nextPage(paging, page.next);
      return { status: 200, body: { orders: page.orders, ...next }, headers };
    },
  });
  const getRoute = route({
    route: "GET /v1/orders/{orderId}",
    async handle(request) {
      return { status: 200, body: await viewOrder({ records }, queryOf(request)) };
    },
  });
  const eventsRoute = route({
    route: "GET /v1/orders/{orderId}/events",
    handle: async (request) => ({
      status: 200,
      body: await orderTimeline({ records }, queryOf(request)),
    }),
  });
  return [listRoute, getRoute, eventsRoute];
}

const queryOf = (request: HttpRequest<undefined, undefined>) => ({
  orderId: request.path["orderId"] ?? "",
  asker: askerOf(request),
});
