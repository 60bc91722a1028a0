/**
 * POST /v1/webhooks/payments: what the provider says of a payment.
 */
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import { type ProviderWebhook, providerWebhook } from "#contracts/http/provider";
import type { FifoSender } from "#messaging";
import type { HttpRoute } from "#runtime/http-route";
import type { Telemetry } from "#runtime/telemetry";
import { webhookIntake } from "#runtime/webhook-intake";
import { acceptReport } from "#services/payments/accept-report";

export type WebhookPorts = {
  readonly sender: FifoSender;
  readonly secret: () => Promise<string>;
};

export const webhookRoute = (
  { sender, secret }: WebhookPorts,
  telemetry: Pick<Telemetry, "count">,
): HttpRoute<ProviderWebhook> =>
  webhookIntake(
    {
      route: "POST /v1/webhooks/payments",
      bodySchema: providerWebhook,
      admit: async (request) => verifyWebhook({ ...request, secret: await secret() }),
      accept({ body, ...received }) {
        const { reference: orderId, ...payment } = body.payment;
        return acceptReport({ sender }, { ...received, report: { ...payment, orderId } });
      },
    },
    telemetry,
  );
