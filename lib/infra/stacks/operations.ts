/**
 * What people look at and are woken by: the dashboard and the alarms. It can be changed without
 * touching anything that runs.
 */
import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { OUTPUTS } from "#contracts/outputs";
import { Alarms } from "../constructs/alarms.ts";
import { Dashboard } from "../constructs/dashboard.ts";
import type { DeploymentProps } from "../deployment.ts";
import type { ApplicationStack } from "./application.ts";
import { dashboardRows } from "./dashboard-rows.ts";
import type { DataStack } from "./data.ts";
import { watches } from "./watches.ts";

export type OperationsStackProps = DeploymentProps & {
  readonly data: DataStack;
  readonly application: ApplicationStack;
};

export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { data, application } = props;
    const { stage, prefix } = props.deployment;
    const { alarms } = new Alarms(this, "Alarms", {
      prefix,
      watches: watches({ stage, data, application }),
      composite: stage.features.compositeAlarms,
    });
    new Dashboard(this, "Overview", {
      name: prefix,
      alarms,
      rows: dashboardRows({ data, application }),
    });
    new CfnOutput(this, OUTPUTS.dashboardName, { value: prefix });
  }
}
