// What SQS and Lambda bound of one consumer, ordered or not: in flight messages, which nobody is
// told of, and concurrency, which other functions may take away.
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import { limitsWith, thresholdsWith } from "#infra/constructs/consumer-limits";
import { checkConsumer } from "#infra/constructs/consumer-rules";
import { CONSUMERS } from "./consumers.ts";
import { fields, list, templatesOf, text } from "./templates.ts";

describe.each(STAGES)("in %s", (stage) => {
  const templates = templatesOf(stage);
  const mappedQueues = templates
    .ofType("AWS::Lambda::EventSourceMapping")
    .filter(
      ({ properties, stack }) =>
        templates.behind(properties["EventSourceArn"], stack)?.type === "AWS::SQS::Queue",
    );

  test("four fifths of what may be in flight of any queue that is emptied ring", () => {
    const alarms = templates
      .ofType("AWS::CloudWatch::Alarm")
      .filter(({ properties }) => text(properties["AlarmName"]).endsWith("-in-flight"));

    const watched = alarms.map(({ properties, stack }) => {
      const [dimension] = list(properties["Dimensions"]);
      return templates.behind(fields(dimension)["Value"], stack);
    });
    const emptied = mappedQueues.map(({ properties, stack }) =>
      templates.behind(properties["EventSourceArn"], stack),
    );
    expect(watched).toHaveLength(emptied.length);
    expect(new Set(watched)).toEqual(new Set(emptied));
    for (const { properties } of alarms) {
      expect(properties).toMatchObject({
        MetricName: "ApproximateNumberOfMessagesNotVisible",
        Threshold: 0.8 * 120_000,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
      });
    }
  });

  test("every queue brings its function a bounded number of batches at once", () => {
    expect(mappedQueues.length).toBeGreaterThan(CONSUMERS.length);
    for (const { properties } of mappedQueues) {
      const scaling = properties["ScalingConfig"];
      expect(scaling).toEqual({ MaximumConcurrency: expect.any(Number) as unknown });
    }
  });
});

const reserving = (reservedConcurrency: number | undefined) => () =>
  checkConsumer("ledger", { ...limitsWith({ reservedConcurrency }), ...thresholdsWith({}) });

test.for([9, 10.5, 0])("of 10 batches at once, %s are too few to reserve", (reserved) => {
  expect(reserving(reserved)).toThrow(
    /reservedConcurrency is .*, but the mapping brings 10 .*at least 10/,
  );
});

test.for([10, 40, undefined])("%s are enough", (reserved) => {
  expect(reserving(reserved)).not.toThrow();
});
