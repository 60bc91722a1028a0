/**
 * The webhook of the payment provider: it reports, a FIFO queue keeps what it says.
 */
import { secretText } from "#adapters/aws/secrets";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { telemetry } from "#runtime/telemetry";
import { webhookRoute } from "./webhook-route.ts";

const environment = config("PAYMENT_REPORTS_QUEUE_URL", "PAYMENT_WEBHOOK_SECRET_ARN");

const ports = {
  sender: sqsFifoSender({ client: sqsClient(), queueUrl: environment.PAYMENT_REPORTS_QUEUE_URL }),
  secret: () => secretText(environment.PAYMENT_WEBHOOK_SECRET_ARN),
};

export const handler = httpFunction({
  service: SERVICES.payments,
  routes: [webhookRoute(ports, telemetry(SERVICES.payments))],
});
