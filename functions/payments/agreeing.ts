/**
 * What those functions have in common that compare our books with the provider.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoPaymentBooks } from "#adapters/aws/dynamodb/payment-books";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { eventBridgeClient } from "#adapters/aws/eventbridge/client";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { secretText } from "#adapters/aws/secrets";
import { httpPaymentProvider } from "#adapters/http/payment-provider";
import type { MetricName } from "#contracts/metrics";
import { seconds } from "#kernel/units";
import type { Telemetry } from "#runtime/telemetry";

export type AgreeingEnvironment = Readonly<
  Record<"PAYMENTS_TABLE" | "PROVIDER_URL" | "PROVIDER_SECRET_ARN" | "EVENT_BUS_NAME", string>
>;

export function agreeing(environment: AgreeingEnvironment, { count }: Pick<Telemetry, "count">) {
  const table = { client: dynamoClient(), table: environment.PAYMENTS_TABLE };
  return {
    table,
    steps: dynamoPaymentSteps(table),
    books: dynamoPaymentBooks(table),
    provider: httpPaymentProvider({
      baseUrl: environment.PROVIDER_URL,
      apiKey: () => secretText(environment.PROVIDER_SECRET_ARN),
      // Whoever asks here only looks, and looks again later.
      timeout: seconds(1),
    }),
    filed: dynamoRecordStore({ ...table, kind: "difference" }),
    bus: eventBridgeEventBus({ client: eventBridgeClient(), busName: environment.EVENT_BUS_NAME }),
    count: (metric: MetricName) => count(metric),
  };
}
