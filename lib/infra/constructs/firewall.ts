/**
 * A web ACL in front of a REST API: AWS's managed rules against known attacks, and a limit per
 * address.
 */
import type { RestApi as AwsRestApi } from "aws-cdk-lib/aws-apigateway";
import { CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

export type FirewallProps = {
  readonly name: string;
  readonly api: AwsRestApi;
  /** Of one address in five minutes. */
  readonly requestsPerAddress: number;
};

/**
 * Rule groups of AWS. The common one refuses bodies over 8 KB, which webhooks and carts may have:
 * that rule only counts.
 */
const MANAGED_RULES = [
  { name: "AWSManagedRulesAmazonIpReputationList", counted: [] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
  { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
];

export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const webAcl = new CfnWebACL(this, "WebAcl", {
      name: props.name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visible(props.name),
      rules: [addressLimit(props.requestsPerAddress), ...MANAGED_RULES.map(managedRule)],
    });
    new CfnWebACLAssociation(this, "Association", {
      resourceArn: props.api.deploymentStage.stageArn,
      webAclArn: webAcl.attrArn,
    });
  }
}

const addressLimit = (limit: number): CfnWebACL.RuleProperty => ({
  name: "requests-per-address",
  priority: 0,
  action: { block: {} },
  statement: { rateBasedStatement: { limit, aggregateKeyType: "IP" } },
  visibilityConfig: visible("requests-per-address"),
});

const managedRule = (
  { name, counted }: (typeof MANAGED_RULES)[number],
  index: number,
): CfnWebACL.RuleProperty => ({
  name,
  priority: index + 1,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name,
      ruleActionOverrides: counted.map((rule) => ({
        name: rule,
        actionToUse: { count: {} },
      })),
    },
  },
  visibilityConfig: visible(name),
});

const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: true,
});
