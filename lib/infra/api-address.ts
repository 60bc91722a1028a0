/**
 * Where a REST API of ours is reached: its own host name on AWS, a path of the endpoint on a
 * LocalStack-compatible target. The only place that knows that there are two; the stacks give it
 * tokens, the operator's commands plain text.
 */

export type ApiAddressRequest = {
  readonly apiId: string;
  readonly apiStage: string;
  /** `AWS_ENDPOINT_URL` of the deployment; absent on AWS. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** `amazonaws.com` in most partitions. */
  readonly urlSuffix: string;
};

/** Without a trailing slash. */
export function apiAddress(request: ApiAddressRequest): string {
  const { apiId, apiStage, endpoint, region, urlSuffix } = request;
  return endpoint === undefined
    ? `https://${apiId}.execute-api.${region}.${urlSuffix}/${apiStage}`
    : `${endpoint.replace(/\/+$/, "")}/_aws/execute-api/${apiId}/${apiStage}`;
}
