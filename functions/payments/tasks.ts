/**
 * The payment steps of the order saga: authorise, capture, the void that undoes them, and refunds
 * of what has been captured.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { secretText } from "#adapters/aws/secrets";
import { httpPaymentProvider } from "#adapters/http/payment-provider";
import { type MetricName, SERVICES } from "#contracts/metrics";
import {
  type PaymentAnswer,
  type PaymentTask,
  paymentTask,
  type RefundAnswer,
} from "#contracts/saga";
import { type EpochMs, seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { authorisePayment } from "#services/payments/authorise-payment";
import { capturePayment } from "#services/payments/capture-payment";
import { refundPayment } from "#services/payments/refund-payment";
import { voidPayment } from "#services/payments/void-payment";

const environment = config("PAYMENTS_TABLE", "PROVIDER_URL", "PROVIDER_SECRET_ARN");

const ports = {
  steps: dynamoPaymentSteps({ client: dynamoClient(), table: environment.PAYMENTS_TABLE }),
  provider: httpPaymentProvider({
    baseUrl: environment.PROVIDER_URL,
    apiKey: () => secretText(environment.PROVIDER_SECRET_ARN),
    timeout: seconds(3),
  }),
  // This function is stopped within 15 s, and a provider works on a request for no longer than
  // that.
  intentLasting: seconds(30),
  count: (metric: MetricName) => telemetry(SERVICES.payments).count(metric),
};

export const handler = taskFunction({
  service: SERVICES.payments,
  schema: paymentTask,
  handle: (task, { now }) => run(task, now),
});

function run(
  task: PaymentTask,
  now: EpochMs,
): Promise<PaymentAnswer | RefundAnswer | { readonly orderId: string }> {
  switch (task.step) {
    case "authorise":
      return authorisePayment(ports, task, now);
    case "capture":
      return capturePayment(ports, task, now);
    case "void":
      return voidPayment(ports, task, now);
    case "refund":
      return refundPayment(ports, task, now);
    default:
      return task satisfies never;
  }
}
