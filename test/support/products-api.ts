/**
 * The products' HTTP function over memory: requests in, answers out, a clock that tests turn.
 */
import { signedCursors } from "#adapters/http/signed-cursor";
import { memoryProductStore } from "#adapters/memory/product-store";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { readRoutes } from "../../functions/products/read-routes.ts";
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
  const ports = { products, categories: products, cursors };

  const call = (
    request: GatewayRequest,
    { scopes = ["products:write"] as readonly string[], now = noon } = {},
  ) =>
    httpFunction(
      {
        service: "products",
        verifier: { verify: async () => ({ id: "keeper-1", scopes }) },
        routes: [...readRoutes(ports), ...writeRoutes(ports)],
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
