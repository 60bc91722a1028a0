/**
 * Stock over HTTP: what is there of one SKU and what of it is promised, corrections of it, and how
 * its sales are spread.
 */
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { adjustmentBody, listAdjustmentsQuery, shardsBody } from "#contracts/http/inventory";
import { callerOf } from "#runtime/caller";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { adjustStock } from "#services/inventory/adjust-stock";
import { listAdjustments } from "#services/inventory/list-adjustments";
import type {
  AdjustmentLog,
  StockAdjustments,
  StockItems,
  StockStore,
} from "#services/inventory/ports";
import { readStock } from "#services/inventory/read-stock";
import { setShards } from "#services/inventory/set-shards";

const ADJUST = "POST /v1/inventory/{sku}/adjustments";
const LIST = "GET /v1/inventory/{sku}/adjustments";

export type StockPorts = {
  readonly stock: Pick<StockStore, "levels">;
  readonly adjustments: StockAdjustments;
  readonly items: StockItems;
  readonly log: AdjustmentLog;
  readonly cursors: SignedCursors;
};

export const stockRoutes = (ports: StockPorts): readonly HttpRoute[] => [
  route({
    route: "GET /v1/inventory/{sku}",
    handle: async ({ path }) => ({ status: 200, body: await readStock(ports, path["sku"] ?? "") }),
  }),
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
  adjustmentsRoute(ports),
  route({
    route: "PUT /v1/inventory/{sku}/shards",
    bodySchema: shardsBody,
    handle: async ({ path, body }) => ({
      status: 200,
      body: await setShards(ports.items, { sku: path["sku"] ?? "", ...body }),
    }),
  }),
];

/** Cursors are sealed for the SKU. */
const adjustmentsRoute = (ports: StockPorts): HttpRoute =>
  route({
    route: LIST,
    querySchema: listAdjustmentsQuery,
    async handle({ path, query: { cursor, limit } }) {
      const sku = path["sku"] ?? "";
      const binding = { route: LIST, sku };
      const after = cursor === undefined ? undefined : await ports.cursors.open(binding, cursor);
      const page = await listAdjustments(ports, {
        sku,
        limit,
        ...(after !== undefined && { after }),
      });
      const next =
        page.next === undefined ? {} : { next: await ports.cursors.seal(binding, page.next) };
      return { status: 200, body: { ...page, ...next } };
    },
  });
