/**
 * Alarms and the dashboard look at metrics that exist: a renamed queue, function or metric must not
 * leave a silent alarm.
 */
import { describe, expect, test } from "vitest";
import { METRIC_NAMESPACE, METRICS, SERVICES } from "#contracts/metrics";
import { STAGES } from "#contracts/outputs";
import { fields, type Json, list, type Resource, templatesOf, text } from "./templates.ts";

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

  test("there is an alarm for everything that people are called for", () => {
    const consumers = [SERVICES.fulfilment, SERVICES.orderList, SERVICES.sagaStart];
    const about = ["dead-letters", "oldest-message", "errors", "halted", "violations"];
    const expected = [
      ...consumers.flatMap((service) => about.map((what) => `${service}-${what}`)),
      "outbox-given-up",
      "outbox-behind",
      "outbox-errors",
      "saga-failed",
      "saga-timed-out",
      "saga-aborted",
      "saga-needs-attention",
      "api-server-errors",
      "api-latency",
    ];
    expect(names.toSorted()).toEqual(expected.map((name) => `inorder-${stage}-${name}`).toSorted());
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
    const isOurs = ({ properties }: Resource) => properties["Namespace"] === METRIC_NAMESPACE;
    for (const alarm of alarms.filter(isOurs)) {
      expect(alarm.properties["Metrics"]).toBeUndefined();
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

  test("the topic is encrypted with a key that CloudWatch may use", () => {
    const key = templates.behind(topic?.properties["KmsMasterKeyId"], topic?.stack ?? "");
    expect(JSON.stringify(key?.properties["KeyPolicy"])).toContain("cloudwatch.amazonaws.com");
  });

  test("the dashboard shows our own metrics by the names under which they are emitted", () => {
    const [dashboard] = templates.ofType("AWS::CloudWatch::Dashboard");
    const body = textOf(dashboard?.properties["DashboardBody"]);
    const shown = [...body.matchAll(/"Inorder","(\w+)","service","([\w-]+)"/g)];
    expect(shown.length).toBeGreaterThan(20);
    for (const [, metric, service] of shown) {
      expect(Object.values(METRICS)).toContain(metric);
      expect(Object.values(SERVICES)).toContain(service);
    }
    for (const heading of ["Customers", "Order", "Queues", "Sagas", "Cost drivers"]) {
      expect(body).toContain(`## ${heading}`);
    }
  });
});

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
