/**
 * Counts what is bought together, once for each order.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { basketWrites, dynamoRecommendations } from "#adapters/aws/dynamodb/recommendations";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { SERVICES } from "#contracts/metrics";
import { consumerIn } from "#contracts/projection";
import { claimChecks } from "#lambda/claim-check-place";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { generationsOf } from "#lambda/projection/generations-of";
import { projecting } from "#lambda/projection/projecting";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { basketCounting } from "#services/products/count-baskets";

const { RECOMMENDATIONS_TABLE: table, ORDERS_TABLE } = config(
  "RECOMMENDATIONS_TABLE",
  "ORDERS_TABLE",
);
const client = dynamoClient();
const claimCheckStore = claimChecks();

// Heads beside the counts: both are one transaction.
const heads = (generation: number) =>
  dynamoHeadStore({
    client,
    table,
    consumer: consumerIn(SERVICES.recommendations, generation),
    listedAs: SERVICES.recommendations,
    writes: basketWrites(table, generation),
  });

export const handler = projecting({
  generations: generationsOf({ client, table }),
  heads,
  consumer: (generation, told) =>
    orderedConsumer({
      consumer: SERVICES.recommendations,
      handler: basketCounting(dynamoRecommendations({ client, table, generation })),
      heads: heads(generation),
      writes: basketWrites(table, generation),
      // A missing order is one count less; nobody needs to wait for it.
      recovery: { gap: { severity: "warning", recovery: { kind: "skip-and-continue" } } },
      claimChecks: claimCheckStore,
      telemetry: told,
    }),
  telemetry: telemetry(SERVICES.recommendations),
  store: dynamoEventStore({ client, table: ORDERS_TABLE }),
  source: ORDER_EVENT_SOURCE,
  types: ORDER_EVENT_READERS.recommendations,
  claimChecks: claimCheckStore,
});
