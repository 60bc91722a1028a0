/**
 * Alarms that say what is wrong, what it means and where to look, and the topic that carries them
 * to people.
 */
import { Aws, Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

export type Watch = {
  /** Part of the alarm's name: `fulfilment-dead-letters`. */
  readonly name: string;
  /** What it means and what to do. */
  readonly description: string;
  readonly metric: Metric;
  /** Rings when the metric reaches it. */
  readonly threshold: number;
  /** Minutes in a row; default 1. */
  readonly minutes?: number;
  /** The shop is broken, not only slow or uneasy. */
  readonly critical?: boolean;
};

export type AlarmsProps = {
  /** In front of every alarm's name. */
  readonly prefix: string;
  readonly watches: readonly Watch[];
  /** Adds one alarm that rings while any critical one does. */
  readonly composite: boolean;
  /** Carries them to people. Without it they are only seen where alarms are listed. */
  readonly topic?: ITopic | undefined;
};

export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const rings = props.topic === undefined ? [] : [new SnsAction(props.topic)];
    const byWatch = new Map(props.watches.map((watch) => [watch, this.alarm(watch, props.prefix)]));
    this.alarms = [...byWatch.values()];
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(...rings);
      alarm.addOkAction(...rings);
    }
    if (!props.composite) return;
    const critical = [...byWatch].flatMap(([watch, alarm]) => (watch.critical ? [alarm] : []));
    const broken = new CompositeAlarm(this, "Broken", {
      compositeAlarmName: `${props.prefix}-broken`,
      alarmDescription: "At least one critical alarm rings: customers are affected.",
      alarmRule: AlarmRule.anyOf(...critical),
    });
    broken.addAlarmAction(...rings);
  }

  private alarm(watch: Watch, prefix: string): Alarm {
    return new Alarm(this, watch.name, {
      alarmName: `${prefix}-${watch.name}`,
      alarmDescription: watch.description,
      metric: watch.metric,
      threshold: watch.threshold,
      evaluationPeriods: watch.minutes ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Carries alarms to people, encrypted. */
export class AlarmTopic extends Construct {
  /** Subscribe people here. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = this.encryptedTopic();
  }

  /** A key of our own, because no other service may use AWS's key for SNS. */
  private encryptedTopic(): Topic {
    const key = new Key(this, "Key", {
      description: "Encrypts alarms on their way to people",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: RINGING.map((service) => new ServicePrincipal(service)),
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    const topic = new Topic(this, "Topic", { masterKey: key, enforceSSL: true });
    // A policy of a topic's own replaces the one that let its account's services publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: RINGING.map((service) => new ServicePrincipal(service)),
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }
}

/** Alarms, and rules for events that people are called for. */
const RINGING = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];
