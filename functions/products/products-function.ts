/**
 * The products' HTTP function, whatever stands behind the copies in its own memory.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoReviewStore } from "#adapters/aws/dynamodb/review-store";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { SERVICES } from "#contracts/metrics";
import type { CacheLayer } from "#runtime/cache-layers";
import { type HttpHandler, httpFunction } from "#runtime/http-function";
import { telemetry } from "#runtime/telemetry";
import { readRoutes } from "./read-routes.ts";
import { reviewReadRoutes } from "./review-read-routes.ts";
import { reviewWriteRoutes } from "./review-write-routes.ts";
import { shownProducts } from "./shown-products.ts";
import { writeRoutes } from "./write-routes.ts";

/** What it asks of the environment, whatever is behind. */
type ProductsEnvironment = Parameters<typeof shownProducts>[0] &
  Parameters<typeof kmsTokenVerifier>[0] &
  Readonly<Record<"REVIEWS_TABLE" | "ORDERS_TABLE" | "CURSOR_SECRET_ARN", string>>;

/** @param behind layers that sandboxes share, the nearest first */
export function productsFunction(
  environment: ProductsEnvironment,
  behind: readonly CacheLayer[],
): HttpHandler {
  const { PRODUCTS_TABLE, REVIEWS_TABLE, ORDERS_TABLE, CURSOR_SECRET_ARN } = environment;
  const client = dynamoClient();
  const ports = {
    ...shownProducts(environment, behind),
    reviews: dynamoReviewStore({ client, table: REVIEWS_TABLE, productsTable: PRODUCTS_TABLE }),
    orders: dynamoEventStore({ client, table: ORDERS_TABLE }),
    cursors: signedCursors(() => secretText(CURSOR_SECRET_ARN)),
  };
  return httpFunction({
    service: SERVICES.products,
    verifier: kmsTokenVerifier(environment),
    routes: [
      ...readRoutes(ports),
      ...writeRoutes(ports, telemetry(SERVICES.products)),
      ...reviewReadRoutes(ports),
      ...reviewWriteRoutes(ports),
    ],
  });
}
