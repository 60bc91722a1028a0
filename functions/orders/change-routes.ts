/**
 * What becomes of an order after it has been placed, over HTTP: its customer cancels it or sends
 * something back, staff decide about its review, pay back, and receive what was sent back.
 */
import {
  cancelBody,
  receiveReturnBody,
  refundBody,
  returnBody,
  reviewBody,
} from "#contracts/http/order-changes";
import { callerOf } from "#runtime/caller";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { type Asker, changeOrder, type ChangePorts } from "#services/orders/usecases/change-order";
import { requestRefund, requestReturn } from "#services/orders/usecases/pay-back";
import { changedView } from "#services/orders/usecases/view-life";

const REFUNDS = "POST /v1/orders/{orderId}/refunds";
const RETURNS = "POST /v1/orders/{orderId}/returns";
const STAFF: Asker = { kind: "staff" };

export const changeRoutes = (ports: ChangePorts): readonly HttpRoute[] => [
  route({
    route: "POST /v1/orders/{orderId}/cancel",
    bodySchema: cancelBody,
    async handle(request) {
      const { orderId, moment, author } = told(request);
      const command = { type: "request-cancel", author, reason: request.body.reason } as const;
      const change = { orderId, asker: customerOf(author), command };
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
  route({
    route: REFUNDS,
    bodySchema: refundBody,
    async handle(request) {
      const { moment, ...asked } = told(request);
      const key = { route: REFUNDS, idempotencyKey: idempotencyKey(request.headers) };
      const body = await requestRefund(ports, { ...asked, ...key, ...request.body }, moment);
      return { status: 202, body };
    },
  }),
  route({
    route: RETURNS,
    bodySchema: returnBody,
    async handle(request) {
      const { moment, ...asked } = told(request);
      const key = { route: RETURNS, idempotencyKey: idempotencyKey(request.headers) };
      const asker = customerOf(asked.author);
      const wanted = { ...asked, ...key, ...request.body, asker };
      return { status: 201, body: await requestReturn(ports, wanted, moment) };
    },
  }),
  route({
    route: "POST /v1/orders/{orderId}/returns/{returnId}/receive",
    bodySchema: receiveReturnBody,
    async handle(request) {
      const { orderId, moment, author } = told(request);
      const returnId = request.path["returnId"] ?? "";
      const command = { type: "receive-return", returnId, author, ...request.body } as const;
      const change = { orderId, asker: STAFF, command };
      return { status: 202, body: changedView(await changeOrder(ports, change, moment)) };
    },
  }),
];

const customerOf = (id: string): Asker => ({ kind: "customer", id });

const told = (request: Omit<HttpRequest<unknown, unknown>, "body" | "query">) => ({
  orderId: request.path["orderId"] ?? "",
  author: callerOf(request).id,
  moment: { now: request.now, traceparent: request.traceparent },
});
