/**
 * A client of an OpenSearch domain in AWS, whose requests are signed with the function's own role.
 */
import { Client } from "@opensearch-project/opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";

export type OpenSearchConnection = {
  /** Of the domain, https and without a trailing slash. */
  readonly address: string;
  readonly region: string;
  /** Those of any client of the AWS SDK. */
  readonly credentials: Parameters<typeof AwsSigv4Signer>[0]["getCredentials"];
};

/** A search that hangs has to end while there is still time to answer. */
const REQUEST_TIMEOUT_MS = 3_000;

export const openSearchClient = ({ address, region, credentials }: OpenSearchConnection): Client =>
  new Client({
    ...AwsSigv4Signer({
      region,
      service: "es",
      ...(credentials === undefined ? {} : { getCredentials: credentials }),
    }),
    node: address,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxRetries: 1,
  });
