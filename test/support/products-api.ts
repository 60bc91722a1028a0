/**
 * The products' HTTP function over memory: requests in, answers out, a clock that tests turn.
 */
import { signedCursors } from "#adapters/http/signed-cursor";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryProductStore } from "#adapters/memory/product-store";
import { memoryReviewStore } from "#adapters/memory/review-store";
import { type EpochMs, seconds } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import type { LogFields } from "#runtime/log";
import { moduleCache } from "#runtime/module-cache";
import type { Telemetry } from "#runtime/telemetry";
import type { CategoryNames, ProductStore } from "#services/products/ports";
import { catalogueCopies } from "../../functions/products/catalogue-copies.ts";
import { rememberingWrites } from "../../functions/products/remembering-writes.ts";
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

/** A copy answers so long. */
export const FRESH_MS = seconds(5);

export type ProductsApi = ReturnType<typeof productsApi>;

export function productsApi() {
  const products = memoryProductStore();
  const cursors = signedCursors(async () => "a secret that only this test knows");
  const orders = memoryEventStore();
  const reviews = memoryReviewStore(products);
  const counted = countedSurroundings(noon);
  const { errors, telemetry } = listening(counted.telemetry);
  const clock = { now: noon };
  const reads: string[] = [];
  const copies = catalogueCopies(
    { products: told(products, reads), categories: told(products, reads) },
    {
      layers: [{ name: "module", cache: moduleCache(100), freshMs: FRESH_MS }],
      now: () => clock.now,
      random: () => 0,
      count: counted.telemetry.count,
    },
  );
  const writing = { products: rememberingWrites(products, copies), categories: products };
  const ports = { ...writing, copies, reviews, orders, cursors };

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
          ...writeRoutes(ports, telemetry),
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
    /** What the function believes that time it is, where copies are concerned. */
    clock,
    /** Each read that was made for somebody who wanted to see a product or the categories. */
    reads,
    counts: counted.counts,
    /** Logged by routes themselves. */
    errors,
    orders,
    cursors,
    call,
    list: (query: Record<string, string> = {}) =>
      call({ method: "GET", resource: "/v1/products", query }),
    get: (sku: string, headers: Record<string, string> = {}) =>
      call({ method: "GET", ...at(sku), headers }),
    categories: (headers: Record<string, string> = {}) =>
      call({ method: "GET", resource: "/v1/categories", headers }),
    create: (body: unknown) => call({ method: "POST", resource: "/v1/products", body }),
    patch: (sku: string, body: unknown, headers: Record<string, string> = { "if-match": "*" }) =>
      call({ method: "PATCH", ...at(sku), headers, body }),
    remove: (sku: string, headers: Record<string, string> = {}) =>
      call({ method: "DELETE", ...at(sku), headers }),
  };
}

/** With what is logged as an error. */
function listening({ count, logger }: Telemetry) {
  const errors: LogFields[] = [];
  const error = (_message: string, fields: LogFields = {}) => void errors.push(fields);
  return { errors, telemetry: { count, logger: { ...logger, error } } };
}

/** What is read for readers, told before it is. */
const told = (store: ProductStore & CategoryNames, reads: string[]) => ({
  get(sku: string) {
    reads.push(sku);
    return store.get(sku);
  },
  names() {
    reads.push("categories");
    return store.names();
  },
});
