/**
 * The products' HTTP function over memory: requests in, answers out, a clock that tests turn.
 */
import { signedCursors } from "#adapters/http/signed-cursor";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryProductStore } from "#adapters/memory/product-store";
import { memoryReviewStore } from "#adapters/memory/review-store";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { readRoutes } from "../../functions/products/read-routes.ts";
import { reviewReadRoutes } from "../../functions/products/review-read-routes.ts";
import { reviewWriteRoutes } from "../../functions/products/review-write-routes.ts";
import { writeRoutes } from "../../functions/products/write-routes.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "./gateway-event.ts";

export const noon = 1_700_000_000_000 as EpochMs;

export type ProductsApi = ReturnType<typeof productsApi>;

export function productsApi() {
  const products = memoryProductStore();
  const cursors = signedCursors(async () => "a secret that only this test knows");
  const orders = memoryEventStore();
  const reviews = memoryReviewStore(products);
  const ports = { products, categories: products, reviews, orders, cursors };

  const call = (
    request: GatewayRequest,
    { scopes = ["products:write"] as readonly string[], now = noon, caller = "keeper-1" } = {},
  ) =>
    httpFunction(
      {
        service: "products",
        verifier: { verify: async () => ({ id: caller, scopes }) },
        routes: [
          ...readRoutes(ports),
          ...writeRoutes(ports),
          ...reviewReadRoutes(ports),
          ...reviewWriteRoutes(ports),
        ],
      },
      countedSurroundings(now),
      untraced,
    )(
      gatewayEvent({ ...request, headers: { authorization: "Bearer token", ...request.headers } }),
      lambdaContext(),
    );

  const at = (sku: string) => ({ resource: "/v1/products/{sku}", parameters: { sku } });
  return {
    products,
    orders,
    cursors,
    call,
    list: (query: Record<string, string> = {}) =>
      call({ method: "GET", resource: "/v1/products", query }),
    get: (sku: string, headers: Record<string, string> = {}) =>
      call({ method: "GET", ...at(sku), headers }),
    create: (body: unknown) => call({ method: "POST", resource: "/v1/products", body }),
    patch: (sku: string, body: unknown, headers: Record<string, string> = { "if-match": "*" }) =>
      call({ method: "PATCH", ...at(sku), headers, body }),
    remove: (sku: string, headers: Record<string, string> = {}) =>
      call({ method: "DELETE", ...at(sku), headers }),
  };
}
