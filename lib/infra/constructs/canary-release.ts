/**
 * Brings a new version of a function in slowly: 10 % of the calls for five minutes, then all; one
 * error too many and CodeDeploy puts the old version back.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import {
  Alias,
  type Function as LambdaFunction,
  type IFunction,
  type IVersion,
} from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

const SERVICE_POLICY =
  "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited";

export type CanaryReleaseProps = { readonly lambda: LambdaFunction };

export class CanaryRelease extends Construct {
  /** What callers invoke instead of the function. */
  readonly live: IFunction;

  constructor(scope: Construct, id: string, { lambda }: CanaryReleaseProps) {
    super(scope, id);
    // The CDK's own types do not fit its interfaces under exactOptionalPropertyTypes; at run time
    // they do.
    const version = lambda.currentVersion as IVersion;
    const alias = new Alias(this, "Live", { aliasName: "live", version });
    this.live = alias as IFunction;
    const failing = new Alarm(this, "Failing", {
      alarmDescription: `The live version of ${lambda.node.path} fails: the new one is taken back.`,
      metric: alias.metricErrors({ period: Duration.minutes(1), statistic: "Sum" }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const group = new LambdaDeploymentGroup(this, "Release", {
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [failing],
      autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
    });
    acknowledge(group, {
      [`AwsSolutions-IAM4[Policy::${SERVICE_POLICY}]`]:
        "AWS's own policy for exactly this role; what it needs changes with the service.",
    });
  }
}
