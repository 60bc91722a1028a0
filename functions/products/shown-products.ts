/**
 * The catalogue of the products' functions: its table, and the copies that are shown of it.
 */
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { systemRandom } from "#adapters/http/system-random";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import type { CacheLayer } from "#runtime/cache-layers";
import { moduleCache } from "#runtime/module-cache";
import { telemetry } from "#runtime/telemetry";
import { catalogueCopies } from "./catalogue-copies.ts";
import { rememberingWrites } from "./remembering-writes.ts";

/** The largest product has about 80,000 characters: 80 MB at worst, 1 MB as products are. */
const COPIES_MAX = 500;

/** @param behind layers that sandboxes share, the nearest first */
export function shownProducts(
  environment: Readonly<Record<"PRODUCTS_TABLE" | "PRODUCT_FRESH_SECONDS", string>>,
  behind: readonly CacheLayer[],
) {
  const catalogue = { client: dynamoClient(), table: environment.PRODUCTS_TABLE };
  const products = dynamoProductStore(catalogue);
  const categories = dynamoCategoryNames(catalogue);
  const near: CacheLayer = {
    name: "module",
    cache: moduleCache(COPIES_MAX),
    freshMs: seconds(Number(environment.PRODUCT_FRESH_SECONDS)),
  };
  const copies = catalogueCopies(
    { products, categories },
    {
      layers: [near, ...behind],
      now: () => systemClock.now(),
      random: systemRandom,
      count: telemetry(SERVICES.products).count,
    },
  );
  return { products: rememberingWrites(products, copies), categories, copies };
}
