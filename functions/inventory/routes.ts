/**
 * Stock over HTTP: what is there of one SKU, and what of it is promised.
 */
import { route } from "#runtime/http-route";
import type { StockStore } from "#services/inventory/ports";
import { readStock } from "#services/inventory/read-stock";

export const stockRoute = (dependencies: { readonly stock: StockStore }) =>
  route({
    route: "GET /v1/inventory/{sku}",
    handle: async ({ path }) => ({
      status: 200,
      body: await readStock(dependencies, path["sku"] ?? ""),
    }),
  });
