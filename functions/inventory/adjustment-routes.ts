/**
 * Corrections of stock over HTTP, and what was corrected so far. Cursors are sealed for the SKU.
 */
import { nextPage, startOf } from "#adapters/http/next-page";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { adjustmentBody, listAdjustmentsQuery } from "#contracts/http/inventory";
import { callerOf } from "#runtime/caller";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { adjustStock } from "#services/inventory/adjust-stock";
import { listAdjustments } from "#services/inventory/list-adjustments";
import type { AdjustmentLog, StockAdjustments, StockItems } from "#services/inventory/ports";

const ADJUST = "POST /v1/inventory/{sku}/adjustments";
const LIST = "GET /v1/inventory/{sku}/adjustments";

export type AdjustmentPorts = {
  readonly adjustments: StockAdjustments;
  readonly items: StockItems;
  readonly log: AdjustmentLog;
  readonly cursors: SignedCursors;
};

export const adjustmentRoutes = (ports: AdjustmentPorts): readonly HttpRoute[] => [
  route({
    route: ADJUST,
    bodySchema: adjustmentBody,
    handle: async (request) => ({
      status: 201,
      body: await adjustStock(ports, {
        callerId: callerOf(request).id,
        route: ADJUST,
        idempotencyKey: idempotencyKey(request.headers),
        sku: request.path["sku"] ?? "",
        body: request.body,
        now: request.now,
      }),
    }),
  }),
  route({
    route: LIST,
    querySchema: listAdjustmentsQuery,
    async handle({ path, query }) {
      const sku = path["sku"] ?? "";
      const paging = { cursors: ports.cursors, binding: { route: LIST, sku }, query };
      const asked = { sku, limit: query.limit, ...(await startOf(paging)) };
      const page = await listAdjustments(ports, asked);
      const { headers, ...next } = await nextPage(paging, page.next);
      return { status: 200, body: { adjustments: page.adjustments, ...next }, headers };
    },
  }),
];
