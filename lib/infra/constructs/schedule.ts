/**
 * Invokes a function again and again. Not repeated when it fails: the next time is near, and what
 * it looks for does not go away.
 */
import type { Duration } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";

export type ScheduleProps = {
  readonly target: IFunction;
  /** Whole minutes, 1 or more. */
  readonly every: Duration;
  readonly description: string;
};

export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { target, every, description }: ScheduleProps) {
    super(scope, id);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com"),
      description: `Runs ${this.node.path}`,
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ["lambda:InvokeFunction"],
              resources: [target.functionArn],
            }),
          ],
        }),
      },
    });
    new CfnSchedule(this, "Schedule", {
      description,
      scheduleExpression: rateOf(every.toMinutes()),
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    });
  }
}

/** Source: EventBridge Scheduler user guide, "Rate-based schedules". */
const rateOf = (minutes: number): string => `rate(${minutes} minute${minutes === 1 ? "" : "s"})`;
