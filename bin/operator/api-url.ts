/**
 * The address of a deployed API, for whoever calls it from outside.
 */
import { apiAddress } from "#infra/api-address";

/**
 * @param environment what reaches the target: `AWS_ENDPOINT_URL`, or the region of an AWS account
 * @returns without a trailing slash
 * @throws Error when there is neither
 */
export function stageUrl(
  apiId: string,
  apiStage: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const endpoint = environment["AWS_ENDPOINT_URL"] || undefined;
  const region = environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "";
  if (endpoint === undefined && region === "") {
    throw new Error("No region is given: set AWS_REGION to the one that the stacks are in.");
  }
  const urlSuffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return apiAddress({ apiId, apiStage, endpoint, region, urlSuffix });
}
