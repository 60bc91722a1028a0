/**
 * POST /v1/webhooks/fulfilment: what carriers say of an order.
 */
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import { type FulfilmentBody, fulfilmentBody } from "#contracts/http/webhooks";
import type { FifoSender } from "#messaging";
import type { HttpRoute } from "#runtime/http-route";
import type { Telemetry } from "#runtime/telemetry";
import { webhookIntake } from "#runtime/webhook-intake";
import { acceptWebhook } from "#services/orders/usecases/accept-webhook";

export type WebhookPorts = {
  readonly sender: FifoSender;
  readonly secret: () => Promise<string>;
};

export const webhookRoute = (
  { sender, secret }: WebhookPorts,
  telemetry: Pick<Telemetry, "count">,
): HttpRoute<FulfilmentBody> =>
  webhookIntake(
    {
      route: "POST /v1/webhooks/fulfilment",
      bodySchema: fulfilmentBody,
      admit: async (request) => verifyWebhook({ ...request, secret: await secret() }),
      accept: (report) => acceptWebhook({ sender }, report),
    },
    telemetry,
  );
