/**
 * What the routes of webhooks take and answer, those that are sent and those that come in.
 */
import { providerWebhook } from "../provider.ts";
import {
  changeEndpointBody,
  createEndpointBody,
  deliveryAccepted,
  deliveryPage,
  endpointCreated,
  endpointList,
  endpointView,
  listDeliveriesQuery,
  rotateSecretBody,
  secretRotated,
} from "../webhook-endpoints.ts";
import { fulfilmentBody, webhookAccepted } from "../webhooks.ts";
import { document, type Operation } from "./operation.ts";

const endpoint = document("WebhookEndpoint", endpointView);
const delivery = document("AcceptedDelivery", deliveryAccepted);
const accepted = document("AcceptedWebhook", webhookAccepted);
const signed = ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"] as const;

export const WEBHOOK_OPERATIONS = {
  "POST /v1/webhook-endpoints": {
    summary: "Name an address that events are sent to; its secret is told once",
    body: document("NewWebhookEndpoint", createEndpointBody),
    needs: ["Idempotency-Key"],
    answer: {
      status: 201,
      body: document("CreatedWebhookEndpoint", endpointCreated),
      headers: ["ETag", "Location"],
    },
  },
  "GET /v1/webhook-endpoints": {
    summary: "List your endpoints",
    answer: { status: 200, body: document("WebhookEndpointList", endpointList) },
  },
  "GET /v1/webhook-endpoints/{endpointId}": {
    summary: "Get an endpoint",
    answer: { status: 200, body: endpoint, headers: ["ETag"] },
  },
  "PATCH /v1/webhook-endpoints/{endpointId}": {
    summary: "Change an endpoint that nobody else has changed since you read it",
    body: document("WebhookEndpointChange", changeEndpointBody),
    needs: ["If-Match"],
    answer: { status: 200, body: endpoint, headers: ["ETag"] },
  },
  "DELETE /v1/webhook-endpoints/{endpointId}": {
    summary: "Remove an endpoint",
    needs: ["If-Match"],
    answer: { status: 204 },
  },
  "POST /v1/webhook-endpoints/{endpointId}/test": {
    summary: "Send an event that means nothing to an endpoint",
    needs: ["Idempotency-Key"],
    answer: { status: 202, body: delivery },
  },
  "POST /v1/webhook-endpoints/{endpointId}/rotate-secret": {
    summary: "Sign with another secret, for some time with the former one as well",
    body: document("SecretRotation", rotateSecretBody),
    needs: ["If-Match"],
    answer: { status: 200, body: document("RotatedSecret", secretRotated), headers: ["ETag"] },
  },
  "GET /v1/webhook-endpoints/{endpointId}/deliveries": {
    summary: "List what was sent to an endpoint, and what came of it",
    query: listDeliveriesQuery,
    answer: { status: 200, body: document("DeliveryPage", deliveryPage), headers: ["Link"] },
  },
  "POST /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/replay": {
    summary: "Send again what was sent before",
    needs: ["Idempotency-Key"],
    answer: { status: 202, body: delivery },
  },
  "POST /v1/webhooks/fulfilment": {
    summary: "Report what has become of an order, numbered by its sender",
    body: document("FulfilmentReport", fulfilmentBody),
    needs: signed,
    answer: { status: 202, body: accepted },
  },
  "POST /v1/webhooks/payments": {
    summary: "Report what has become of a payment, in any order",
    body: document("PaymentReport", providerWebhook),
    needs: signed,
    answer: { status: 202, body: accepted },
  },
} as const satisfies Readonly<Record<string, Operation>>;
