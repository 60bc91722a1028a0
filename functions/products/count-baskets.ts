/**
 * Counts what is bought together, once for each order.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { basketWrites, dynamoRecommendations } from "#adapters/aws/dynamodb/recommendations";
import { SERVICES } from "#contracts/metrics";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { basketCounting } from "#services/products/count-baskets";

const { RECOMMENDATIONS_TABLE: table } = config("RECOMMENDATIONS_TABLE");

export const handler = orderedConsumer({
  // Heads beside the counts: both are one transaction.
  table,
  consumer: SERVICES.recommendations,
  handler: basketCounting(dynamoRecommendations({ client: dynamoClient(), table })),
  writes: basketWrites(table),
  // A missing order is one count less; nobody needs to wait for it.
  recovery: { gap: { severity: "warning", recovery: { kind: "skip-and-continue" } } },
  telemetry: telemetry(SERVICES.recommendations),
});
