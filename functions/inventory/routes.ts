/**
 * Stock over HTTP: what is there of one SKU and what of it is promised, and how its sales are
 * spread.
 */
import { shardsBody } from "#contracts/http/inventory";
import { type HttpRoute, route } from "#runtime/http-route";
import type { StockItems, StockStore } from "#services/inventory/ports";
import { readStock } from "#services/inventory/read-stock";
import { setShards } from "#services/inventory/set-shards";
import { type AdjustmentPorts, adjustmentRoutes } from "./adjustment-routes.ts";

export type StockPorts = AdjustmentPorts & {
  readonly stock: Pick<StockStore, "levels">;
  readonly items: StockItems;
};

export const stockRoutes = (ports: StockPorts): readonly HttpRoute[] => [
  route({
    route: "GET /v1/inventory/{sku}",
    handle: async ({ path }) => ({ status: 200, body: await readStock(ports, path["sku"] ?? "") }),
  }),
  route({
    route: "PUT /v1/inventory/{sku}/shards",
    bodySchema: shardsBody,
    handle: async ({ path, body }) => ({
      status: 200,
      body: await setShards(ports.items, { sku: path["sku"] ?? "", ...body }),
    }),
  }),
  ...adjustmentRoutes(ports),
];
