/**
 * The webhooks' HTTP function: carriers and providers report, a FIFO queue keeps what they say.
 */
import { secretText } from "#adapters/aws/secrets";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { telemetry } from "#runtime/telemetry";
import { webhookRoute } from "./webhook-route.ts";

const environment = config("FULFILMENT_QUEUE_URL", "FULFILMENT_SECRET_ARN");

const ports = {
  sender: sqsFifoSender({ client: sqsClient(), queueUrl: environment.FULFILMENT_QUEUE_URL }),
  secret: () => secretText(environment.FULFILMENT_SECRET_ARN),
};

export const handler = httpFunction({
  service: SERVICES.orders,
  routes: [webhookRoute(ports, telemetry(SERVICES.orders))],
});
