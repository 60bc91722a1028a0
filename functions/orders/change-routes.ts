/**
 * What becomes of an order after it has been placed, over HTTP: its customer cancels it, or
 * staff for him, and staff decide about its review.
 */
import { cancelBody, reviewBody } from "#contracts/http/order-changes";
import { type HttpRoute, route } from "#runtime/http-route";
import { changeOrder, type ChangePorts } from "#services/orders/usecases/change-order";
import { changedView } from "#services/orders/usecases/view-life";
import { askerOf, STAFF, told } from "./change-asked.ts";

export const changeRoutes = (ports: ChangePorts): readonly HttpRoute[] => [
  route({
    route: "POST /v1/orders/{orderId}/cancel",
    bodySchema: cancelBody,
    async handle(request) {
      const { orderId, moment, author } = told(request);
      const command = { type: "request-cancel", author, reason: request.body.reason } as const;
      const change = { orderId, asker: askerOf(request), command };
      return { status: 202, body: changedView(await changeOrder(ports, change, moment)) };
    },
  }),
  route({
    route: "POST /v1/orders/{orderId}/review",
    bodySchema: reviewBody,
    async handle(request) {
      const { orderId, moment, author } = told(request);
      const command = { type: "decide-review", ...request.body, author, now: moment.now } as const;
      const change = { orderId, asker: STAFF, command };
      return { status: 202, body: changedView(await changeOrder(ports, change, moment)) };
    },
  }),
];
