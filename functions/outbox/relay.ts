/**
 * Carries what was committed out of its table: to those who read it in order, then to everybody.
 * Orders commit events, products their next version. Critical violations, which every table with
 * heads may hold, go to everybody too.
 */
import { changeOf } from "#adapters/aws/dynamodb/change-stream";
import { isOfProducts, productChangeOf } from "#adapters/aws/dynamodb/product-changes";
import { METRICS, SERVICES } from "#contracts/metrics";
import { claimChecks } from "#lambda/claim-check-place";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { telemetry } from "#runtime/telemetry";
import { outboxes } from "./outboxes.ts";

const environment = config(
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "WEBHOOK_PLAN_QUEUE_URL",
  "RECOMMENDATIONS_QUEUE_URL",
  "EVENT_BUS_NAME",
);
const { orders, products } = outboxes(environment, { claimChecks: claimChecks() });

export const handler = streamFunction({
  service: SERVICES.outbox,
  async forward(records) {
    const watched = telemetry(SERVICES.outbox);
    // A batch is of one table's stream.
    const { relayed, failed } = records.some(isOfProducts)
      ? await products.forward(records.map(productChangeOf))
      : await orders.forward(records.map(changeOf));
    watched.count(METRICS.relayedEvents, relayed);
    if (failed === undefined) return {};
    const cause = { error: failed.failure };
    watched.logger.warn("Events could not be relayed; they are read again.", cause);
    return { failedSequenceNumber: failed.position };
  },
});
