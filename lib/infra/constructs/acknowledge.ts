/**
 * Findings of cdk-nag that are accepted, each at the narrowest construct and with the reason that
 * an auditor reads.
 */
import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * By rule, as cdk-nag names it: `AwsSolutions-SF1`, or `AwsSolutions-IAM5[Resource::*]` for one
 * finding of a rule.
 */
export function acknowledge(
  construct: IConstruct,
  reasons: Readonly<Record<`AwsSolutions-${string}`, string>>,
): void {
  const rules = Object.entries(reasons).map(([id, reason]) => ({ id, reason }));
  Validations.of(construct).acknowledge(...rules);
}
