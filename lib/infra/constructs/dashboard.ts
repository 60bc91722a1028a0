/**
 * A CloudWatch dashboard from rows of graphs: each row one question, each graph a few metrics of
 * one unit.
 */
import {
  AlarmStatusWidget,
  Dashboard as AwsDashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";

export type DashboardGraph = { readonly title: string; readonly metrics: readonly IMetric[] };

export type DashboardRow = {
  /** Markdown; what the row answers. */
  readonly heading: string;
  readonly graphs: readonly DashboardGraph[];
};

export type DashboardProps = {
  /** Default: CloudFormation's. */
  readonly name?: string;
  readonly alarms: readonly IAlarm[];
  readonly rows: readonly DashboardRow[];
};

/** CloudWatch's grid. */
const COLUMNS = 24;
const GRAPH_HEIGHT = 6;

export class Dashboard extends Construct {
  readonly dashboard: AwsDashboard;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.dashboard = new AwsDashboard(this, "Dashboard", {
      ...(props.name === undefined ? {} : { dashboardName: props.name }),
      defaultInterval: Duration.hours(3),
    });
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: "Alarms", width: COLUMNS, alarms: [...props.alarms] }),
    );
    showRows(this.dashboard, props.rows);
  }
}

export function showRows(dashboard: AwsDashboard, rows: readonly DashboardRow[]): void {
  for (const { heading, graphs } of rows) {
    dashboard.addWidgets(new TextWidget({ markdown: heading, width: COLUMNS, height: 1 }));
    const width = Math.floor(COLUMNS / Math.max(1, graphs.length));
    dashboard.addWidgets(
      ...graphs.map(
        ({ title, metrics }) =>
          new GraphWidget({ title, width, height: GRAPH_HEIGHT, left: [...metrics] }),
      ),
    );
  }
}
