/**
 * The OpenSearch domain that a stage may search in. None is made here: its size, its network and
 * its price are its owner's to decide.
 */
import { CfnParameter, type Stack } from "aws-cdk-lib";
import type { Stage } from "../config/stage.ts";
import type { SearchDomain } from "../constructs/need.ts";

/** Undefined where searches run over the snapshot. */
export function searchDomain(stack: Stack, { search }: Stage): SearchDomain | undefined {
  if (search.engine === "snapshot") return undefined;
  const parameter = (id: string, description: string, allowedPattern: string): string =>
    new CfnParameter(stack, id, { type: "String", description, allowedPattern }).valueAsString;
  return {
    address: parameter(
      "SearchAddress",
      "Address of the OpenSearch domain, https and without a trailing slash",
      "^https://[^\\s/?#]+$",
    ),
    arn: parameter("SearchDomainArn", "ARN of that domain", "^arn:[^\\s]+:domain/[^\\s/]+$"),
    region: stack.region,
  };
}
