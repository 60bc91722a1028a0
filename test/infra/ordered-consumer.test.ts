// The construct as its users have it: one statement gives everything, fitting together; what does
// not fit fails the synthesis with what is wrong, the value and what to do.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import { AttributeType, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { afterAll, describe, expect, test } from "vitest";
import { CONSUMER_ENV, SWEEP_ENV } from "#contracts/env";
import { OrderedConsumer, type OrderedConsumerProps } from "#infra/constructs/ordered-consumer";
import { OrderedQueue } from "#infra/constructs/ordered-queue";
import { HEAD_INDEX } from "#infra/constructs/service-table";
import { type Fields, fields, list, text } from "./templates.ts";

const folder = mkdtempSync(join(tmpdir(), "inorder-construct-"));
writeFileSync(join(folder, "index.js"), "exports.handler = async () => ({});\n");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stackOf = (): Stack => new Stack(new App({ analyticsReporting: false }), "Payments");
const needed = (): Pick<OrderedConsumerProps, "code" | "sweepCode"> => ({
  code: Code.fromAsset(folder),
  sweepCode: Code.fromAsset(folder),
});

function made(props: Partial<OrderedConsumerProps> = {}, stack = stackOf()) {
  const consumer = new OrderedConsumer(stack, "Ledger", {
    consumerName: "ledger",
    ...needed(),
    ...props,
  });
  return { consumer, template: Template.fromStack(stack) };
}

describe("one statement", () => {
  const { template } = made();

  test("gives a FIFO queue of high throughput and its dead-letter queue, both kept", () => {
    const fifo = {
      FifoQueue: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
      ContentBasedDeduplication: false,
    };
    expectCount(template, "AWS::SQS::Queue", 2);
    expectAll(template, "AWS::SQS::Queue", fifo);
    expectDeletion(template, "AWS::SQS::Queue", "Retain");
    expectOne(template, "AWS::SQS::Queue", {
      VisibilityTimeout: 60,
      RedrivePolicy: { maxReceiveCount: 15 },
    });
  });

  test("gives a table with the sweep's index, protected", () => {
    expectDeletion(template, "AWS::DynamoDB::GlobalTable", "Retain");
    expectOne(template, "AWS::DynamoDB::GlobalTable", {
      GlobalSecondaryIndexes: [Match.objectLike({ IndexName: HEAD_INDEX.indexName })],
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    });
  });

  test("gives a mapping that answers message by message, within bounds", () => {
    expectOne(template, "AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test("tells the function and its sweep all that they ask for", () => {
    const told = propertiesOf(template, "AWS::Lambda::Function").map(({ Environment }) =>
      Object.keys(fields(fields(Environment)["Variables"]))
        .filter((key) => key.startsWith("INORDER_"))
        .toSorted(),
    );
    expect(told).toEqual([[...CONSUMER_ENV].toSorted(), [...SWEEP_ENV].toSorted()]);
  });

  test("runs the sweep every minute", () => {
    expectOne(template, "AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(1 minute)",
    });
  });

  test("grants what is needed, on its own table and queues, and nothing by wildcard", () => {
    const statements = propertiesOf(template, "AWS::IAM::Policy").flatMap(({ PolicyDocument }) =>
      list(fields(PolicyDocument)["Statement"]).map(fields),
    );
    const actionsOn = (isEverything: boolean) =>
      statements
        .filter(({ Resource }) => (Resource === "*") === isEverything)
        .flatMap(({ Action }) => list(Action).map(text))
        .toSorted();
    expect(actionsOn(false)).toEqual([
      "dynamodb:BatchGetItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
      "sqs:SendMessage",
    ]);
    expect(actionsOn(true).filter((action) => !action.startsWith("xray:"))).toEqual([]);
  });

  test("gives a dashboard, and an alarm for each way of failing", () => {
    expectCount(template, "AWS::CloudWatch::Dashboard", 1);
    const alarms = propertiesOf(template, "AWS::CloudWatch::Alarm");
    const names = alarms.map(({ AlarmName }) => text(AlarmName));
    expect(names.toSorted()).toEqual(
      [
        "commit-latency",
        "dead-letters",
        "errors",
        "halted",
        "in-flight",
        "oldest-message",
        "parked",
        "sweep-errors",
        "violations",
      ].map((what) => `Payments-ledger-${what}`),
    );
    for (const { AlarmActions } of alarms) expect(AlarmActions).toBeUndefined();
  });
});

describe("what its caller says wins", () => {
  test("a queue, a table, a topic and a dashboard of the caller's", () => {
    const stack = stackOf();
    const queue = new OrderedQueue(stack, "Incoming", { visibilityTimeoutSeconds: 120 });
    const table = new TableV2(stack, "Accounts", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      globalSecondaryIndexes: [HEAD_INDEX],
    });
    const topic = new Topic(stack, "Pager");
    const dashboard = new Dashboard(stack, "Board");
    const { template, consumer } = made(
      { queue, table, alarmTopic: topic, dashboard, timeoutSeconds: 20, isScheduled: false },
      stack,
    );

    expect(consumer.limits.visibilityTimeoutSeconds).toBe(120);
    expectCount(template, "AWS::SQS::Queue", 2);
    expectCount(template, "AWS::DynamoDB::GlobalTable", 1);
    expectCount(template, "AWS::CloudWatch::Dashboard", 1);
    expectCount(template, "AWS::Scheduler::Schedule", 0);
    expectAll(template, "AWS::CloudWatch::Alarm", {
      AlarmActions: [stack.resolve(topic.topicArn)],
    });
  });

  test("numbers that are left out follow from those that are given", () => {
    const { limits } = made({ timeoutSeconds: 30, attemptsMax: 8 }).consumer;

    expect(limits).toMatchObject({
      visibilityTimeoutSeconds: 180,
      receivesMax: 21,
      gapDeadlineSeconds: 1_320,
    });
  });

  test("state that may go with its stack", () => {
    const { template } = made({ removalPolicy: RemovalPolicy.DESTROY });

    expectDeletion(template, "AWS::SQS::Queue", "Delete");
    expectDeletion(template, "AWS::DynamoDB::GlobalTable", "Delete");
  });

  test("no alarms and graphs here, but what to make them of", () => {
    const { template, consumer } = made({ isWatched: false });

    expectCount(template, "AWS::CloudWatch::Alarm", 0);
    expectCount(template, "AWS::CloudWatch::Dashboard", 0);
    expect(consumer.watches).toHaveLength(9);
  });

  test("variables of the function's own", () => {
    const { template } = made({ environment: { LEDGER: "books" } });

    expectOne(template, "AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ LEDGER: "books" }) },
    });
  });
});

describe("what does not fit is refused", () => {
  const wrong: readonly (readonly [Partial<OrderedConsumerProps>, RegExp])[] = [
    [{ visibilityTimeoutSeconds: 59 }, /Seconds is 59, but the function may run 10 s.*least 60/],
    [{ receivesMax: 14 }, /receivesMax is 14.*tries a message 5 times.*least 15 \(2 x/],
    [{ gapDeadlineSeconds: 240 }, /gapDeadlineSeconds is 240.*for 240 s.*set it to more than 240/],
    [{ batchSize: 11 }, /batchSize is 11, but 1 to 10 messages is what a FIFO queue/],
    [{ concurrencyMax: 1 }, /concurrencyMax is 1, but 2 to 1000/],
    [{ reservedConcurrency: 9 }, /reservedConcurrency is 9, but the mapping brings 10 .*least 10/],
    [{ timeoutSeconds: 1 }, /timeoutSeconds is 1, but 2 to 900/],
    [{ timeoutSeconds: 901 }, /timeoutSeconds is 901, but 2 to 900/],
    [{ visibilityTimeoutSeconds: 43_201 }, /visibilityTimeoutSeconds is 43201, but 1 to 43200/],
    [{ receivesMax: 1_001 }, /receivesMax is 1001, but 1 to 1000/],
    [{ attemptsMax: 0 }, /attemptsMax is 0, but 1 to 100/],
    [{ gapDeadlineSeconds: 86_401 }, /gapDeadlineSeconds is 86401, but 1 to 86400/],
    [{ retryDelaySeconds: 0.5 }, /retryDelaySeconds is 0.5, but 1 to 86400.*a whole number/],
    [{ memoryMb: 64 }, /memoryMb is 64, but 128 to 10240/],
    [{ parkedMessages: 1_001 }, /parkedMessages is 1001, but 1 to 1000.*would never ring/],
    [{ commitP99Ms: 0 }, /commitP99Ms is 0, but 1 to 900000/],
    [{ oldestMessageSeconds: Number.NaN }, /oldestMessageSeconds is NaN, but 1 to 1209600/],
    [{ consumerName: "led#ger" }, /consumerName is "led#ger", but it is part of keys.*use 1 to 64/],
    [{ environment: { INORDER_CONSUMER: "x" } }, /two values for INORDER_CONSUMER: "ledger" and/],
  ];

  test.each(wrong)("%j", (props, message) => {
    expect(() => made(props)).toThrow(message);
  });

  test("everything at once, under the construct's path", () => {
    expect(() => made({ visibilityTimeoutSeconds: 10, batchSize: 0 })).toThrow(
      /consumer Payments\/Ledger does not fit its queue:\n- visibility.*\n(?:- .*\n)*- batchSize/,
    );
  });

  test("numbers about a queue that was made elsewhere with others", () => {
    const stack = stackOf();
    const queue = new OrderedQueue(stack, "Incoming");

    expect(() => made({ queue, visibilityTimeoutSeconds: 90 }, stack)).toThrow(
      /visibilityTimeoutSeconds is 90, but the queue .* made with 60: say it where the queue is/,
    );
  });

  test("two consumers of one name in one table", () => {
    const stack = stackOf();
    const { table } = new OrderedConsumer(stack, "One", { consumerName: "ledger", ...needed() });

    expect(() => made({ table }, stack)).toThrow(
      /consumerName is "ledger", as that of Payments\/One, .*Give them two names/,
    );
    expect(() => made({ table, consumerName: "audit" }, stackBeside(stack))).not.toThrow();
  });

  test("two consumers of one queue", () => {
    const stack = stackOf();
    const first = new OrderedConsumer(stack, "One", { consumerName: "ledger", ...needed() });

    expect(() => made({ consumerName: "audit", queue: first.source }, stack)).toThrow(
      /its queue is that of Payments\/One.*Give it a queue of its own/,
    );
  });

  test("a table without the sweep's index, or with other keys", () => {
    const stack = stackOf();
    const { STRING } = AttributeType;
    const plain = new TableV2(stack, "Plain", {
      partitionKey: { name: "pk", type: STRING },
      sortKey: { name: "sk", type: STRING },
    });
    const other = new TableV2(stack, "Other", { partitionKey: { name: "id", type: STRING } });

    expect(() => made({ table: plain }, stack)).toThrow(/has the indexes none.*add HEAD_INDEX/);
    expect(() => made({ table: other }, stackBeside(stack))).toThrow(
      /the keys of .*Other.* are id/,
    );
  });

  test("no sweep where the constructs are run from their sources", () => {
    const stack = stackOf();
    const code = Code.fromAsset(folder);

    expect(() => new OrderedConsumer(stack, "Ledger", { consumerName: "ledger", code })).toThrow(
      /no sweep at .*import OrderedConsumer from inorder\/cdk, or give it `sweepCode`/,
    );
  });
});

const stackBeside = (stack: Stack): Stack => new Stack(stack.node.root, "Beside");

const expectCount = (template: Template, type: string, count: number): void =>
  template.resourceCountIs(type, count);

const expectOne = (template: Template, type: string, properties: object): void =>
  template.hasResourceProperties(type, properties);

const expectAll = (template: Template, type: string, properties: object): void =>
  template.allResourcesProperties(type, properties);

const expectDeletion = (template: Template, type: string, DeletionPolicy: string): void =>
  template.allResources(type, { DeletionPolicy });

const propertiesOf = (template: Template, type: string): readonly Fields[] =>
  Object.values(template.findResources(type)).map((found) => fields(found["Properties"] as Fields));
