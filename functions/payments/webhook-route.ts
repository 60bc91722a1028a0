/**
 * POST /v1/webhooks/payments: the signature covers the bytes as they came, so it is checked before
 * they are parsed.
 */
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import { providerWebhook } from "#contracts/http/provider";
import { WEBHOOK_BYTES_MAX } from "#contracts/http/webhooks";
import { METRICS } from "#contracts/metrics";
import type { FifoSender } from "#messaging";
import { type HttpRoute, route } from "#runtime/http-route";
import type { Telemetry } from "#runtime/telemetry";
import { acceptReport } from "#services/payments/accept-report";

export type WebhookPorts = {
  readonly sender: FifoSender;
  readonly secret: () => Promise<string>;
};

export const webhookRoute = (
  { sender, secret }: WebhookPorts,
  telemetry: Pick<Telemetry, "count">,
): HttpRoute =>
  route({
    route: "POST /v1/webhooks/payments",
    bodySchema: providerWebhook,
    bodyBytesMax: WEBHOOK_BYTES_MAX,
    async admit({ headers, rawBody, now }) {
      verifyWebhook({ headers, rawBody, now, secret: await secret() });
    },
    async handle({ headers, body, requestId, traceparent }) {
      const { reference: orderId, ...payment } = body.payment;
      const webhookId = headers["webhook-id"] ?? "";
      const report = { ...payment, orderId };
      await acceptReport({ sender }, { webhookId, report, requestId, traceparent });
      telemetry.count(METRICS.messagesSent);
      return { status: 202, body: { accepted: true } };
    },
  });
