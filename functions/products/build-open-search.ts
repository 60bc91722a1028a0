/**
 * Takes changes of products into OpenSearch; in the place of `build-search.ts` where a stage says
 * so.
 */
import { config } from "#runtime/config";
import { productsInOpenSearch } from "./open-search.ts";
import { searchBuilder } from "./search-builder.ts";

export const handler = searchBuilder(
  productsInOpenSearch(config("OPENSEARCH_URL", "OPENSEARCH_REGION")),
);
