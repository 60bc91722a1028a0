/**
 * Alarms and the dashboard look at metrics that exist: a renamed queue, function or metric must not
 * leave a silent alarm.
 */
import { describe, expect, test } from "vitest";
import { VIOLATION_FILED } from "#contracts/events/violation-events";
import { metricNamespace, METRICS, SERVICES } from "#contracts/metrics";
import { STAGES } from "#contracts/outputs";
import { CONSUMERS } from "./consumers.ts";
import {
  fields,
  type Json,
  list,
  type Resource,
  statements,
  templatesOf,
  text,
} from "./templates.ts";

/** What a dimension of AWS's own metrics names. */
const DIMENSION_TYPES: Readonly<Record<string, string>> = {
  QueueName: "AWS::SQS::Queue",
  FunctionName: "AWS::Lambda::Function",
  StateMachineArn: "AWS::StepFunctions::StateMachine",
  Stage: "AWS::ApiGateway::Stage",
};

describe.each(STAGES)("in %s", (stage) => {
  const templates = templatesOf(stage);
  const alarms = templates
    .ofType("AWS::CloudWatch::Alarm")
    // The canaries' alarms belong to CodeDeploy; a test of the stages looks at them.
    .filter(({ stack }) => stack.endsWith("-operations"));
  const names = alarms.map(({ properties }) => text(properties["AlarmName"]));
  const [topic] = templates.ofType("AWS::SNS::Topic");
  const namespace = metricNamespace(stage);

  test("there is an alarm for everything that people are called for", () => {
    const about = [
      "dead-letters",
      "oldest-message",
      "in-flight",
      "errors",
      "sweep-errors",
      "halted",
      "violations",
      "parked",
      "commit-latency",
    ];
    const expected = [
      "search-behind",
      ...CONSUMERS.flatMap((service) => about.map((what) => `${service}-${what}`))
        // There a halt is how a retry is waited for.
        .filter((alarm) => alarm !== "webhook-delivery-halted"),
      "webhook-relay-behind",
      "webhook-relay-errors",
      "webhooks-stuck",
      "webhooks-overdue",
      "webhooks-retry-errors",
      "outbox-given-up",
      "outbox-behind",
      "outbox-errors",
      "outbox-lost",
      "outbox-reconcile-errors",
      "inventory-expire-errors",
      "stock-holds-overdue",
      "hand-overs-dead-letters",
      "hand-overs-in-flight",
      "hand-overs-errors",
      "payment-reports-dead-letters",
      "payment-reports-in-flight",
      "payment-reports-errors",
      "payments-differ",
      "payments-reconcile-errors",
      "saga-failed",
      "saga-timed-out",
      "saga-aborted",
      "saga-needs-attention",
      "saga-late",
      "refund-failed",
      "refund-timed-out",
      "refund-aborted",
      "orders-sagas-errors",
      "api-server-errors",
      "api-latency",
    ];
    expect(names.toSorted()).toEqual(expected.map((name) => `inorder-${stage}-${name}`).toSorted());
  });

  test.each([
    // What stands, so that it rings for as long as somebody is needed.
    ["halted", METRICS.streamsStanding, "Maximum"],
    ["violations", METRICS.violations, "Sum"],
    ["parked", METRICS.parkedLag, "Maximum"],
    ["commit-latency", METRICS.commitLatencyMs, "p99"],
    ["oldest-message", "ApproximateAgeOfOldestMessage", "Maximum"],
  ])("the alarm of each consumer about %s is on %s", (about, metric, statistic) => {
    const some = CONSUMERS.flatMap((service) =>
      alarms.filter(
        ({ properties }) => properties["AlarmName"] === `inorder-${stage}-${service}-${about}`,
      ),
    );
    expect(some.length).toBeGreaterThanOrEqual(CONSUMERS.length - 1);
    for (const { properties } of some) {
      const { MetricName, Statistic, ExtendedStatistic } = properties;
      expect([MetricName, Statistic ?? ExtendedStatistic]).toEqual([metric, statistic]);
    }
  });

  test("every dead-letter queue has an alarm that rings with the first message", () => {
    const dead = templates
      .ofType("AWS::SQS::Queue")
      .filter(({ properties }) => properties["RedrivePolicy"] === undefined);
    const watched = alarms
      .filter(({ properties }) => properties["MetricName"] === "ApproximateNumberOfMessagesVisible")
      .map((alarm) => {
        expect(alarm.properties["Threshold"]).toBe(1);
        return templates.behind(dimensions(alarm)["QueueName"], alarm.stack);
      });
    expect(new Set(watched)).toEqual(new Set(dead));
  });

  test("every alarm is on one plain metric of something that exists", () => {
    const isOurs = ({ properties }: Resource) =>
      text(properties["Namespace"]).startsWith("Inorder");
    expect(alarms.filter(isOurs).length).toBeGreaterThan(10);
    for (const alarm of alarms.filter(isOurs)) {
      expect(alarm.properties["Metrics"]).toBeUndefined();
      expect(alarm.properties["Namespace"]).toBe(namespace);
      expect(Object.values(METRICS)).toContain(alarm.properties["MetricName"]);
      expect(Object.values(SERVICES)).toContain(dimensions(alarm)["service"]);
    }
    for (const alarm of alarms.filter((one) => !isOurs(one))) {
      expect(alarm.properties["Metrics"]).toBeUndefined();
      const named = Object.entries(dimensions(alarm)).filter(([name]) => name in DIMENSION_TYPES);
      expect(named.length).toBeGreaterThan(0);
      for (const [name, value] of named) {
        expect(templates.behind(value, alarm.stack)?.type).toBe(DIMENSION_TYPES[name]);
      }
    }
  });

  test("alarms reach a topic, say what to do, and stay quiet where there is no traffic", () => {
    for (const { properties, stack } of alarms) {
      expect(templates.behind(list(properties["AlarmActions"])[0], stack)).toBe(topic);
      expect(templates.behind(list(properties["OKActions"])[0], stack)).toBe(topic);
      expect(text(properties["AlarmDescription"]).length).toBeGreaterThan(20);
      expect(properties["TreatMissingData"]).toBe("notBreaching");
    }
  });

  test("the topic is encrypted with a key that CloudWatch and EventBridge may use", () => {
    const key = templates.behind(topic?.properties["KmsMasterKeyId"], topic?.stack ?? "");
    const policy = JSON.stringify(key?.properties["KeyPolicy"]);
    for (const service of ["cloudwatch", "events"])
      expect(policy).toContain(`${service}.amazonaws`);
  });

  test("CloudWatch and EventBridge may publish on the topic, for this account alone", () => {
    const may = statements(templates).filter(
      ({ owner, effect }) => owner.type === "AWS::SNS::TopicPolicy" && effect === "Allow",
    );
    expect(may.map(({ actions, principal }) => [actions, principal])).toEqual([
      [["sns:Publish"], { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }],
    ]);
    expect(JSON.stringify(may[0]?.owner.properties)).toContain("aws:SourceAccount");
  });

  test("critical violations on the bus ring as well", () => {
    const [rule, ...others] = templates
      .ofType("AWS::Events::Rule")
      // Goods that have left are told to the stock, not to people.
      .filter(({ id }) => !id.startsWith("HandOvers"));
    expect(others).toEqual([]);
    const { EventBusName, EventPattern, Targets } = rule?.properties ?? {};
    expect(templates.behind(EventBusName, rule?.stack ?? "")?.type).toBe("AWS::Events::EventBus");
    expect(EventPattern).toEqual({ "detail-type": [VIOLATION_FILED] });
    const targets = list(Targets).map((each) =>
      templates.behind(fields(each)["Arn"], rule?.stack ?? ""),
    );
    expect(targets).toEqual([topic]);
  });

  test("the dashboard shows our own metrics by the names under which they are emitted", () => {
    const [dashboard] = templates.ofType("AWS::CloudWatch::Dashboard");
    const body = textOf(dashboard?.properties["DashboardBody"]);
    const shown = [...body.matchAll(/"(Inorder[^"]*)","(\w+)","service","([\w-]+)"/g)];
    expect(shown.length).toBeGreaterThan(20);
    for (const [, where, metric, service] of shown) {
      expect(where).toBe(namespace);
      expect(Object.values(METRICS)).toContain(metric);
      expect(Object.values(SERVICES)).toContain(service);
    }
    const ofFulfilment = shown
      .filter(([, , , service]) => service === SERVICES.fulfilment)
      .map(([, , metric]) => metric);
    expect(ofFulfilment).toEqual(expect.arrayContaining(ABOUT_ORDER));
    for (const heading of [
      "Customers",
      "Order",
      "Streams",
      "Queues",
      "Sagas",
      "Copies",
      "Cost drivers",
    ]) {
      expect(body).toContain(`## ${heading}`);
    }
  });
});

/** What an operator has to see of a consumer. */
const ABOUT_ORDER = [
  METRICS.messagesApplied,
  METRICS.duplicatesDropped,
  METRICS.appliedAgeMs,
  METRICS.commitLatencyMs,
  METRICS.parkedLag,
  METRICS.messagesParkedBehindHalt,
  METRICS.streamsHalted,
  METRICS.streamsStanding,
  METRICS.streamsResumed,
  ...Object.entries(METRICS).flatMap(([key, name]) =>
    key.startsWith("violations") && key !== "violations" ? [name] : [],
  ),
];

const dimensions = ({ properties }: Resource): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    list(properties["Dimensions"]).map((entry) => {
      const { Name, Value } = fields(entry);
      return [text(Name), Value ?? null];
    }),
  );

/** A joined text; what is referred to stands in it as JSON. */
const textOf = (value: Json | undefined): string =>
  list(list(fields(value)["Fn::Join"])[1])
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
    .join("");
