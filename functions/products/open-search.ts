/**
 * The products' index in the stage's OpenSearch domain.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { openSearchClient } from "#adapters/opensearch/client";
import { openSearchIndex } from "#adapters/opensearch/search-index";

export type OpenSearchEnvironment = {
  readonly OPENSEARCH_URL: string;
  readonly OPENSEARCH_REGION: string;
};

export function productsInOpenSearch(
  environment: OpenSearchEnvironment,
): ReturnType<typeof openSearchIndex> {
  const client = openSearchClient({
    address: environment.OPENSEARCH_URL,
    region: environment.OPENSEARCH_REGION,
    credentials: () => dynamoClient().config.credentials(),
  });
  return openSearchIndex({ client, index: "products" });
}
