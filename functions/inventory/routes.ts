/**
 * Stock over HTTP: what is there of one SKU and what of it is promised, and corrections of it.
 */
import { adjustmentBody } from "#contracts/http/inventory";
import { callerOf } from "#runtime/caller";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { adjustStock } from "#services/inventory/adjust-stock";
import type { StockAdjustments, StockStore } from "#services/inventory/ports";
import { readStock } from "#services/inventory/read-stock";

const ADJUST = "POST /v1/inventory/{sku}/adjustments";

export const stockRoutes = (dependencies: {
  readonly stock: Pick<StockStore, "levels">;
  readonly adjustments: StockAdjustments;
}): readonly HttpRoute[] => [
  route({
    route: "GET /v1/inventory/{sku}",
    handle: async ({ path }) => ({
      status: 200,
      body: await readStock(dependencies, path["sku"] ?? ""),
    }),
  }),
  route({
    route: ADJUST,
    bodySchema: adjustmentBody,
    handle: async (request) => ({
      status: 201,
      body: await adjustStock(dependencies, {
        callerId: callerOf(request).id,
        route: ADJUST,
        idempotencyKey: idempotencyKey(request.headers),
        sku: request.path["sku"] ?? "",
        body: request.body,
        now: request.now,
      }),
    }),
  }),
];
