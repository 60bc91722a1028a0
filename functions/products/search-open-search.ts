/**
 * Answers searches from OpenSearch; in the place of `search.ts` where a stage says so.
 */
import { config } from "#runtime/config";
import { productsInOpenSearch } from "./open-search.ts";
import { searchFunction } from "./search-function.ts";

const environment = config(
  "OPENSEARCH_URL",
  "OPENSEARCH_REGION",
  "RECOMMENDATIONS_TABLE",
  "CURSOR_SECRET_ARN",
);

export const handler = searchFunction(productsInOpenSearch(environment), environment);
