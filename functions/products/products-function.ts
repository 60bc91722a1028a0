/**
 * The products' HTTP function, whatever stands behind the copies in its own memory.
 */
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { dynamoReviewStore } from "#adapters/aws/dynamodb/review-store";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { systemRandom } from "#adapters/http/system-random";
import type { EnvKey } from "#contracts/env";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import { type HttpHandler, httpFunction } from "#runtime/http-function";
import { moduleCache } from "#runtime/module-cache";
import type { CacheLayer } from "#runtime/read-through";
import { telemetry } from "#runtime/telemetry";
import { catalogueCopies, rememberingWrites } from "./catalogue-copies.ts";
import { readRoutes } from "./read-routes.ts";
import { reviewReadRoutes } from "./review-read-routes.ts";
import { reviewWriteRoutes } from "./review-write-routes.ts";
import { writeRoutes } from "./write-routes.ts";

/** What it asks of the environment, whatever is behind. */
type ProductsEnvironment = Readonly<
  Record<
    Extract<
      EnvKey,
      | "PRODUCTS_TABLE"
      | "PRODUCT_FRESH_SECONDS"
      | "REVIEWS_TABLE"
      | "ORDERS_TABLE"
      | "CURSOR_SECRET_ARN"
      | "TOKEN_KEY_IDS"
      | "TOKEN_ISSUER"
      | "TOKEN_AUDIENCE"
    >,
    string
  >
>;

/** The largest product has about 80,000 characters: 80 MB at worst, 1 MB as products are. */
const COPIES_MAX = 500;

/** @param behind layers that sandboxes share, the nearest first */
export function productsFunction(
  environment: ProductsEnvironment,
  behind: readonly CacheLayer[],
): HttpHandler {
  const client = dynamoClient();
  const productsTable = environment.PRODUCTS_TABLE;
  const store = dynamoProductStore({ client, table: productsTable });
  const categories = dynamoCategoryNames({ client, table: productsTable });
  const near: CacheLayer = {
    name: "module",
    cache: moduleCache(COPIES_MAX),
    freshMs: seconds(Number(environment.PRODUCT_FRESH_SECONDS)),
  };
  const copies = catalogueCopies(
    { products: store, categories },
    {
      layers: [near, ...behind],
      now: () => systemClock.now(),
      random: systemRandom,
      count: telemetry(SERVICES.products).count,
    },
  );
  const ports = {
    products: rememberingWrites(store, copies),
    categories,
    copies,
    reviews: dynamoReviewStore({ client, table: environment.REVIEWS_TABLE, productsTable }),
    orders: dynamoEventStore({ client, table: environment.ORDERS_TABLE }),
    cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
  };
  return httpFunction({
    service: SERVICES.products,
    verifier: kmsTokenVerifier(environment),
    routes: [
      ...readRoutes(ports),
      ...writeRoutes(ports),
      ...reviewReadRoutes(ports),
      ...reviewWriteRoutes(ports),
    ],
  });
}
