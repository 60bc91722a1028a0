/**
 * What the routes of orders and of sagas take and answer.
 */
import { auditPage, auditQuery } from "../audit.ts";
import {
  cancelBody,
  changedOrder,
  receiveReturnBody,
  refundBody,
  refundView,
  returnBody,
  returnView,
  reviewBody,
} from "../order-changes.ts";
import {
  listOrdersQuery,
  orderListPage,
  orderTimeline,
  orderView,
  placedOrder,
  placeOrderBody,
} from "../orders.ts";
import { listSagasQuery, resolveSagaBody, retrySagaBody, sagaList, sagaView } from "../sagas.ts";
import { document, type Operation } from "./operation.ts";

const changed = document("ChangedOrder", changedOrder);
const saga = document("Saga", sagaView);

export const ORDER_OPERATIONS = {
  "POST /v1/orders": {
    summary: "Place an order; it is decided later, and its address says how",
    body: document("NewOrder", placeOrderBody),
    needs: ["Idempotency-Key"],
    answer: { status: 202, body: document("PlacedOrder", placedOrder), headers: ["Location"] },
  },
  "GET /v1/orders": {
    summary: "List your own orders, newest first",
    query: listOrdersQuery,
    answer: { status: 200, body: document("OrderPage", orderListPage), headers: ["Link"] },
  },
  "GET /v1/orders/{orderId}": {
    summary: "Get an order",
    answer: { status: 200, body: document("Order", orderView) },
  },
  "GET /v1/orders/{orderId}/events": {
    summary: "Get all that has happened to an order, in its order",
    answer: { status: 200, body: document("OrderTimeline", orderTimeline) },
  },
  "POST /v1/orders/{orderId}/cancel": {
    summary: "Cancel an order that has not been handed to a carrier",
    body: document("Cancellation", cancelBody),
    answer: { status: 202, body: changed },
  },
  "POST /v1/orders/{orderId}/review": {
    summary: "Decide about an order that waits for a review",
    body: document("ReviewDecision", reviewBody),
    answer: { status: 202, body: changed },
  },
  "POST /v1/orders/{orderId}/refunds": {
    summary: "Pay back, at most what was paid",
    body: document("NewRefund", refundBody),
    needs: ["Idempotency-Key"],
    answer: { status: 202, body: document("Refund", refundView) },
  },
  "POST /v1/orders/{orderId}/returns": {
    summary: "Say what you send back",
    body: document("NewReturn", returnBody),
    needs: ["Idempotency-Key"],
    answer: { status: 201, body: document("Return", returnView) },
  },
  "POST /v1/orders/{orderId}/returns/{returnId}/receive": {
    summary: "Say that a return has come in; it is paid back",
    body: document("ReceivedReturn", receiveReturnBody),
    answer: { status: 202, body: changed },
  },
  "GET /v1/audit": {
    summary:
      "List who decided what about an order, and what went against the order of its messages",
    query: auditQuery,
    mayBeUnknown: true,
    answer: { status: 200, body: document("AuditPage", auditPage), headers: ["Link"] },
  },
  "GET /v1/admin/sagas": {
    summary: "List the sagas that somebody has to look after, the oldest first",
    query: listSagasQuery,
    answer: { status: 200, body: document("SagaList", sagaList) },
  },
  "GET /v1/admin/sagas/{orderId}": {
    summary: "Get how far an order's saga has come",
    answer: { status: 200, body: saga },
  },
  "POST /v1/admin/sagas/{orderId}/retry": {
    summary: "Run a saga that is stuck again",
    body: document("SagaRetry", retrySagaBody),
    answer: { status: 202, body: saga },
  },
  "POST /v1/admin/sagas/{orderId}/resolve": {
    summary: "Say how a saga that is stuck has ended",
    body: document("SagaOutcome", resolveSagaBody),
    answer: { status: 200, body: saga },
  },
} as const satisfies Readonly<Record<string, Operation>>;
