/**
 * What the change stream of the search projection's heads says about products.
 */
import { productChanged } from "#contracts/events/product-events";
import { SERVICES } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import { isJsonObject } from "#kernel/json";
import type { ProductVersion } from "#services/products/search-ports";
import type { ChangeRecord } from "./change-stream.ts";
import { headSort } from "./head-keys.ts";
import { headOf } from "./head-store.ts";

/** Name of the consumer whose heads these are. */
export const PRODUCT_SEARCH_CONSUMER = SERVICES.productSearch;

const SORT = headSort(PRODUCT_SEARCH_CONSUMER);

/**
 * Undefined for what is no head of that consumer, or one that has applied nothing yet.
 *
 * @throws Failure as `decodeHead`; `unexpected` (reject) for a state that is no product.
 */
export function searchedProductOf({ dynamodb }: ChangeRecord): ProductVersion | undefined {
  const image = dynamodb?.NewImage;
  if (image === undefined || image["sk"]?.S !== SORT) return undefined;
  const { state } = headOf(image, image["pk"]?.S ?? "");
  if (!isJsonObject(state)) return undefined;
  const product = productChanged.safeParse(state["product"]);
  const version = Number(state["version"]);
  if (product.success && version >= 1) return { version, product: product.data };
  throw new Failure("unexpected", "reject", "A head of the search projection holds no product.");
}
