/**
 * Keeps each product as the search index shall know it; the builder of the index reads the changes
 * of what this writes.
 */
import { PRODUCT_SEARCH_CONSUMER } from "#adapters/aws/dynamodb/searched-products";
import { SERVICES } from "#contracts/metrics";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { telemetry } from "#runtime/telemetry";
import { searchProjection } from "#services/products/project-search";

export const handler = orderedConsumer({
  consumer: PRODUCT_SEARCH_CONSUMER,
  handler: searchProjection,
  // Each change carries the whole product: an earlier one is needed by nobody.
  startAt: "latest",
  recovery: { gap: { severity: "warning", recovery: { kind: "skip-and-continue" } } },
  telemetry: telemetry(SERVICES.productSearch),
});
