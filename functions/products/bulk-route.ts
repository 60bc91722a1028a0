/**
 * POST /v1/products/bulk: as many products as one request may hold, each with an answer of its own.
 * Sent again it answers what it answered, since each product is found by its SKU.
 */
import {
  BULK_BYTES_MAX,
  createProductsBody,
  type CreatedProducts,
} from "#contracts/http/bulk-products";
import { METRICS } from "#contracts/metrics";
import { traceIdIn } from "#runtime/http/trace";
import { asFailure, isServerError, statusOf } from "#runtime/http-errors";
import { type HttpRoute, route } from "#runtime/http-route";
import type { Telemetry } from "#runtime/telemetry";
import { type AddedProduct, addProducts } from "#services/products/add-products";
import type { WritePorts } from "#services/products/write-product";
import { resultOf } from "./bulk-results.ts";

type Told = Pick<Telemetry, "logger" | "count">;

export const bulkRoute = (ports: WritePorts, telemetry: Told): HttpRoute =>
  route({
    route: "POST /v1/products/bulk",
    bodySchema: createProductsBody,
    bodyBytesMax: BULK_BYTES_MAX,
    async handle({ body, now, traceparent }) {
      const added = await addProducts(ports, body.products, now);
      tellOurs(added, telemetry);
      const results = added.map(resultOf(traceIdIn(traceparent)));
      return { status: 200, body: { results } satisfies CreatedProducts };
    },
  });

/** The request as a whole is answered, so nobody else hears of what failed in it. */
function tellOurs(added: readonly AddedProduct[], { logger, count }: Told): void {
  const ours = added.flatMap((one) => {
    const failure = "error" in one ? asFailure(one.error) : undefined;
    return failure !== undefined && isServerError(statusOf(failure.code))
      ? [{ sku: one.sku, code: failure.code, error: failure }]
      : [];
  });
  for (const fields of ours) logger.error("One product of many failed.", fields);
  if (ours.length > 0) count(METRICS.serverErrors);
}
