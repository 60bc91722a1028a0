/**
 * What people look at and are woken by: the dashboard and the alarms. It can be changed without
 * touching anything that runs.
 */
import { CfnOutput, Stack } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import { VIOLATION_FILED } from "#contracts/events/violation-events";
import { metricNamespace } from "#contracts/metrics";
import { OUTPUTS } from "#contracts/outputs";
import { Alarms, AlarmTopic } from "../constructs/alarms.ts";
import { Dashboard } from "../constructs/dashboard.ts";
import { ownMetrics } from "../constructs/metrics.ts";
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
    const own = ownMetrics(metricNamespace(stage.name));
    const { topic } = new AlarmTopic(this, "AlarmTopic");
    const { alarms } = new Alarms(this, "Alarms", {
      prefix,
      watches: watches({ stage, data, application, own }),
      composite: stage.features.compositeAlarms,
      topic,
    });
    new Rule(this, "CriticalViolations", {
      description: "Calls people for each critical violation, with what they can do about it",
      eventBus: data.bus,
      eventPattern: { detailType: [VIOLATION_FILED] },
      // The topic's own policy lets rules of this account publish.
      targets: [{ bind: () => ({ arn: topic.topicArn }) }],
    });
    new Dashboard(this, "Overview", {
      name: prefix,
      alarms,
      rows: dashboardRows({ data, application, own }),
    });
    new CfnOutput(this, OUTPUTS.dashboardName, { value: prefix });
  }
}
