/**
 * Money and goods that go back, over HTTP: staff pay back, customers send something back, staff
 * receive it.
 */
import { receiveReturnBody, refundBody, returnBody } from "#contracts/http/order-changes";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { changeOrder, type ChangePorts } from "#services/orders/usecases/change-order";
import { requestRefund, requestReturn } from "#services/orders/usecases/pay-back";
import { changedView } from "#services/orders/usecases/view-life";
import { customerOf, STAFF, told } from "./change-asked.ts";

const REFUNDS = "POST /v1/orders/{orderId}/refunds";
const RETURNS = "POST /v1/orders/{orderId}/returns";

export const refundRoutes = (ports: ChangePorts): readonly HttpRoute[] => [
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
