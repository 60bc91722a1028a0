/**
 * POST /v1/webhooks/fulfilment: the signature covers the bytes as they came, so it is checked
 * before they are parsed.
 */
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import { fulfilmentBody, WEBHOOK_BYTES_MAX } from "#contracts/http/webhooks";
import { METRICS } from "#contracts/metrics";
import type { FifoSender } from "#messaging";
import { type HttpRoute, route } from "#runtime/http-route";
import type { Telemetry } from "#runtime/telemetry";
import { acceptWebhook } from "#services/orders/usecases/accept-webhook";

export type WebhookPorts = {
  readonly sender: FifoSender;
  readonly secret: () => Promise<string>;
};

export const webhookRoute = (
  { sender, secret }: WebhookPorts,
  telemetry: Pick<Telemetry, "count">,
): HttpRoute =>
  route({
    route: "POST /v1/webhooks/fulfilment",
    bodySchema: fulfilmentBody,
    bodyBytesMax: WEBHOOK_BYTES_MAX,
    async admit({ headers, rawBody, now }) {
      verifyWebhook({ headers, rawBody, now, secret: await secret() });
    },
    async handle({ headers, body, now, requestId, traceparent }) {
      const webhookId = headers["webhook-id"] ?? "";
      await acceptWebhook({ sender }, { webhookId, body, now, requestId, traceparent });
      telemetry.count(METRICS.messagesSent);
      return { status: 202, body: { accepted: true } };
    },
  });
