/**
 * Queues and the mappings that read them: nothing is lost, reordered or readable on the wire, in
 * any stage.
 */
import { describe, expect, test } from "vitest";
import { EVENT_CATALOGUE } from "#contracts/events/event-catalogue";
import { STAGES } from "#contracts/outputs";
import { CONSUMER_DEFAULTS } from "#messaging/consumer/consumer-settings";
import {
  type Fields,
  fields,
  list,
  type Resource,
  statements,
  templatesOf,
  text,
} from "./templates.ts";

describe.each(STAGES)("in %s", (stage) => {
  const templates = templatesOf(stage);
  const queues = templates.ofType("AWS::SQS::Queue");
  const fifo = queues.filter((queue) => queue.properties["FifoQueue"] === true);
  const sources = fifo.filter((queue) => queue.properties["RedrivePolicy"] !== undefined);
  const mappings = templates.ofType("AWS::Lambda::EventSourceMapping");
  const queueMappings = mappings.filter(
    ({ properties, stack }) =>
      templates.behind(properties["EventSourceArn"], stack)?.type === "AWS::SQS::Queue",
  );
  const functionOf = ({ properties, stack }: Resource): Fields =>
    templates.behind(properties["FunctionName"], stack)?.properties ?? {};
  const sourceOf = ({ properties, stack }: Resource): Fields =>
    templates.behind(properties["EventSourceArn"], stack)?.properties ?? {};

  const fifoMappings = queueMappings.filter((one) => sourceOf(one)["FifoQueue"] === true);

  test("every documented queue has a mapping and a FIFO dead-letter queue, and no other is", () => {
    const names = sources.map((queue) => text(queue.properties["QueueName"]));
    const documented = EVENT_CATALOGUE.flatMap(({ queues }) => Object.keys(queues));
    expect(names.toSorted()).toEqual(
      documented.map((name) => `inorder-${stage}-${name}.fifo`).toSorted(),
    );
    expect(fifoMappings).toHaveLength(sources.length);
    for (const { properties, stack } of sources) {
      const { deadLetterTargetArn, maxReceiveCount } = fields(properties["RedrivePolicy"]);
      const target = templates.behind(deadLetterTargetArn, stack);
      expect(target?.properties["FifoQueue"]).toBe(true);
      expect(target?.properties["RedrivePolicy"]).toBeUndefined();
      expect(maxReceiveCount).toBeGreaterThanOrEqual(2 * CONSUMER_DEFAULTS.attemptsMax + 5);
    }
  });

  test("what has left comes from the bus into a queue that gives up after fifteen receives", () => {
    const [source, ...others] = queues.filter(
      (queue) => !fifo.includes(queue) && queue.properties["RedrivePolicy"] !== undefined,
    );
    expect(others).toEqual([]);
    expect(source?.properties["QueueName"]).toBe(`inorder-${stage}-hand-overs`);
    expect(source?.properties["RedrivePolicy"]).toMatchObject({ maxReceiveCount: 15 });
    const [rule] = templates
      .ofType("AWS::Events::Rule")
      .filter(({ id }) => id.startsWith("HandOvers"));
    expect(rule?.properties["EventPattern"]).toEqual({
      source: ["urn:inorder:orders"],
      "detail-type": ["order.fulfilment-reported"],
      detail: { data: { status: ["shipped", "delivered"] } },
    });
    const [target] = list(rule?.properties["Targets"]);
    expect(target).toMatchObject({ InputPath: "$.detail" });
    expect(templates.behind(fields(target)["Arn"], rule?.stack ?? "")).toEqual(source);
    // What the bus cannot bring is kept where the function's own dead letters are.
    const { DeadLetterConfig } = fields(target);
    const kept = templates.behind(fields(DeadLetterConfig)["Arn"], rule?.stack ?? "");
    expect(kept?.properties["QueueName"]).toBe(`inorder-${stage}-hand-overs-dead`);
    const [mapping] = queueMappings.filter((one) => sourceOf(one)["FifoQueue"] === undefined);
    expect(mapping?.properties).toMatchObject({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  test("the one queue else that is not FIFO is where relays give records up", () => {
    const handOvers = (queue: Resource): boolean =>
      text(queue.properties["QueueName"] ?? "").startsWith(`inorder-${stage}-hand-overs`);
    const standard = queues.filter((queue) => !fifo.includes(queue) && !handOvers(queue));
    const givenUp = mappings.flatMap(({ properties, stack }) => {
      const { OnFailure } = fields(properties["DestinationConfig"]);
      return templates.behind(fields(OnFailure)["Destination"], stack) ?? [];
    });
    expect(standard).toHaveLength(1);
    expect(givenUp).toHaveLength(5);
    expect(new Set(givenUp)).toEqual(new Set(standard));
  });

  test("every FIFO queue lets groups run apart and takes ids from its senders", () => {
    for (const { properties } of fifo) {
      expect(properties).toMatchObject({
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
        ContentBasedDeduplication: false,
      });
    }
  });

  test("every queue is encrypted, keeps messages 14 days and refuses plain HTTP", () => {
    const refused = statements(templates)
      .filter(({ effect, owner }) => effect === "Deny" && owner.type === "AWS::SQS::QueuePolicy")
      .map(({ resources, owner }) => templates.behind(resources[0], owner.stack)?.id);
    for (const queue of queues) {
      expect(queue.properties["SqsManagedSseEnabled"]).toBe(true);
      expect(queue.properties["MessageRetentionPeriod"]).toBe(14 * 24 * 3600);
      expect(refused).toContain(queue.id);
    }
  });

  test("a batch stays hidden at least six times as long as its function may run", () => {
    for (const mapping of queueMappings) {
      const timeout = Number(functionOf(mapping)["Timeout"]);
      expect(timeout).toBeGreaterThan(0);
      expect(sourceOf(mapping)["VisibilityTimeout"]).toBeGreaterThanOrEqual(6 * timeout);
    }
  });

  test("mappings answer message by message, in full batches, with bounded concurrency", () => {
    for (const { properties } of fifoMappings) {
      expect(properties["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
      expect(properties["BatchSize"]).toBe(10);
      expect(properties["MaximumBatchingWindowInSeconds"]).toBeUndefined();
      expect(fields(properties["ScalingConfig"])["MaximumConcurrency"]).toBeGreaterThanOrEqual(2);
    }
  });

  test("a consumer knows the dead-letter queue of its own queue, and may send to it", () => {
    for (const mapping of fifoMappings) {
      const lambda = functionOf(mapping);
      const { Variables } = fields(lambda["Environment"]);
      const told = templates.behind(
        fields(Variables)["INORDER_DEAD_LETTER_QUEUE_URL"],
        mapping.stack,
      );
      const source = templates.behind(mapping.properties["EventSourceArn"], mapping.stack);
      const { deadLetterTargetArn } = fields(source?.properties["RedrivePolicy"]);
      expect(told).toBe(templates.behind(deadLetterTargetArn, source?.stack ?? ""));
    }
  });

  test("the relay reads new images from the first record on, splits bad batches, gives up", () => {
    // The builder of the search index reads a stream as well, and gives nothing up.
    const relays = mappings.filter(
      ({ properties }) => fields(properties["DestinationConfig"])["OnFailure"] !== undefined,
    );
    const tables = relays.map(({ properties, stack }) =>
      templates.behind(properties["EventSourceArn"], stack),
    );
    const read = relays.map(({ properties }) => {
      const { Filters } = fields(properties["FilterCriteria"]);
      return list(Filters).map((filter) => JSON.parse(text(fields(filter)["Pattern"])) as unknown);
    });
    expect(tables.map((table) => table?.id.replace(/Table.*/, ""))).toEqual([
      "OrdersEvents",
      "OrderList",
      "RecommendationCounts",
      "Products",
      "WebhooksEvents",
    ]);
    expect(read).toEqual([
      inserted("commit#", "audit#"),
      inserted("audit#"),
      inserted("audit#"),
      versioned,
      inserted("commit#", "audit#"),
    ]);
    // One for all but the webhooks, which have a pace of their own.
    expect(new Set(relays.slice(0, -1).map(functionOf)).size).toBe(1);
    expect(relays.slice(0, -1).map(functionOf)).not.toContain(relays.map(functionOf).at(-1));
    for (const table of tables) {
      expect(table?.properties["StreamSpecification"]).toEqual({ StreamViewType: "NEW_IMAGE" });
    }
    for (const { properties } of relays) {
      expect(properties).toMatchObject({
        StartingPosition: "TRIM_HORIZON",
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
      expect(properties["MaximumRetryAttempts"]).toBeGreaterThanOrEqual(1);
      expect(properties["MaximumRecordAgeInSeconds"]).toBeLessThan(24 * 3600);
    }
  });
});

const versioned = [{ dynamodb: { NewImage: { version: { N: [{ exists: true }] } } } }];

const inserted = (...prefixes: readonly string[]) => [
  {
    eventName: ["INSERT"],
    dynamodb: { Keys: { sk: { S: prefixes.map((prefix) => ({ prefix })) } } },
  },
];
