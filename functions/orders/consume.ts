/**
 * The ordered consumer of what carriers and providers report: each report once and in its sender's
 * order, its commit in one transaction with the position.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { SERVICES } from "#contracts/metrics";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";
import { waitForCarriers } from "./gap-of-carriers.ts";

const { ORDERS_TABLE: table, GAP_RETRY_SECONDS } = config("ORDERS_TABLE", "GAP_RETRY_SECONDS");

export const handler = orderedConsumer({
  // Heads beside the commits, under the name by which an order's view finds them.
  table,
  consumer: FULFILMENT_CONSUMER,
  handler: fulfilmentHandler(dynamoEventStore({ client: dynamoClient(), table })),
  writes: appendWrites(table),
  recovery: waitForCarriers(GAP_RETRY_SECONDS),
  telemetry: telemetry(SERVICES.fulfilment),
});
