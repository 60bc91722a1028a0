/**
 * Lets API Gateway write logs at all: one role for the whole account and region, as the service
 * demands it.
 */
import { CfnAccount } from "aws-cdk-lib/aws-apigateway";
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import { RemovalPolicy } from "aws-cdk-lib";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

export class GatewayLogging extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("apigateway.amazonaws.com"),
      inlinePolicies: { logs: writesAnyLog() },
    });
    const account = new CfnAccount(this, "Account", { cloudWatchRoleArn: role.roleArn });
    // The setting outlives this deployment, because other APIs of the account may rely on it.
    for (const part of [role, account]) part.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(role, {
      "AwsSolutions-IAM5[Resource::*]":
        "API Gateway refuses a role that may not write to every log group of the account.",
    });
  }
}

/** Source: API Gateway developer guide, "Permissions for CloudWatch logging". */
const writesAnyLog = (): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:DescribeLogGroups",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
          "logs:GetLogEvents",
          "logs:FilterLogEvents",
        ],
        resources: ["*"],
      }),
    ],
  });
