/**
 * Brings a new version of a function in slowly: 10 % of the calls for five minutes, then all. When
 * it crashes, or the API answers too many 5xx meanwhile, CodeDeploy puts the old version back.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
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

export type CanaryReleaseProps = {
  readonly lambda: LambdaFunction;
  /** Also takes a new version back, beside its own errors. */
  readonly guard: Alarm;
};

export class CanaryRelease extends Construct {
  /** What callers invoke instead of the function. */
  readonly live: IFunction;

  constructor(scope: Construct, id: string, { lambda, guard }: CanaryReleaseProps) {
    super(scope, id);
    // The CDK's own types do not fit its interfaces under exactOptionalPropertyTypes; at run time
    // they do.
    const version = lambda.currentVersion as IVersion;
    const alias = new Alias(this, "Live", { aliasName: "live", version });
    this.live = alias as IFunction;
    const crashing = alarm(this, "Failing", {
      alarmDescription: `The live version of ${lambda.node.path} fails: the new one is taken back.`,
      metric: alias.metricErrors({ period: Duration.minutes(1), statistic: "Sum" }),
      threshold: 1,
    });
    const group = new LambdaDeploymentGroup(this, "Release", {
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [crashing, guard],
      autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
    });
    acknowledge(group, {
      [`AwsSolutions-IAM4[Policy::${SERVICE_POLICY}]`]:
        "AWS's own policy for exactly this role; what it needs changes with the service.",
    });
  }
}

export type ServerErrorGuardProps = {
  readonly apiName: string;
  readonly apiStage: string;
  /** 5xx answers in a minute. */
  readonly serverErrors: number;
};

/**
 * Functions answer their failures themselves, so a bad version shows as 5xx of the API. By the
 * API's names and not by reference: the API waits for the aliases, which wait for this alarm.
 */
export const serverErrorGuard = (
  scope: Construct,
  id: string,
  props: ServerErrorGuardProps,
): Alarm =>
  alarm(scope, id, {
    alarmDescription: "The API answers 5xx: a version that is coming in is taken back.",
    metric: new Metric({
      namespace: "AWS/ApiGateway",
      metricName: "5XXError",
      dimensionsMap: { ApiName: props.apiName, Stage: props.apiStage },
      period: Duration.minutes(1),
      statistic: "Sum",
    }),
    threshold: props.serverErrors,
  });

type Rule = {
  readonly alarmDescription: string;
  readonly metric: Metric;
  readonly threshold: number;
};

const alarm = (scope: Construct, id: string, rule: Rule): Alarm =>
  new Alarm(scope, id, {
    ...rule,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
