// A critical violation reaches whoever listens on the bus, and the metrics of its stage.
import { randomUUID } from "node:crypto";
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, inject, onTestFinished, test } from "vitest";
import { VIOLATION_FILED, violationFiled } from "#contracts/events/violation-events";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import { METRICS, SERVICES } from "#contracts/metrics";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

const PATIENCE = { withinMs: 60_000, everyMs: 250 };

const invoiced = (orderId: string, sequence: number): FulfilmentBody => ({
  orderId,
  sequence,
  type: "final-status",
  status: "invoiced",
});

test("a critical violation is published with what to do, and counted under its stage", async () => {
  const token = await shop.token("orders:write", "orders:read");
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  const received = await listening(orderId);
  const before = await shop.metricSum(METRICS.violationsConflict, SERVICES.fulfilment);

  await shop.report(invoiced(orderId, 1));
  await shop.orderOnce(token, orderId, ({ fulfilment }) => fulfilment.lastSequence === 1);
  await shop.report(invoiced(orderId, 1));

  const event = await eventually(received, PATIENCE);
  expect(event).toMatchObject({ type: VIOLATION_FILED, partitionkey: orderId });
  expect(violationFiled.parse(event["data"])).toMatchObject({
    consumer: "fulfilment",
    kind: "sequence-conflict",
    severity: "critical",
    sequence: 1,
  });
  await eventually(
    async () => (await shop.metricSum(METRICS.violationsConflict, SERVICES.fulfilment)) > before,
    PATIENCE,
  );
});

/** A queue of its own behind the bus; answers the first event about the order. */
async function listening(orderId: string) {
  const sqs = new SQSClient(shop.connection);
  const bus = new EventBridgeClient(shop.connection);
  const name = `violations-${randomUUID()}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const rule = { Name: name, EventBusName: shop.outputs.EventBusName };
  const EventPattern = JSON.stringify({ "detail-type": [VIOLATION_FILED] });
  await bus.send(new PutRuleCommand({ ...rule, EventPattern }));
  const target = { Id: "queue", Arn: Attributes?.["QueueArn"] };
  const of = { Rule: name, EventBusName: rule.EventBusName };
  await bus.send(new PutTargetsCommand({ ...of, Targets: [target] }));
  onTestFinished(async () => {
    await bus.send(new RemoveTargetsCommand({ ...of, Ids: [target.Id] }));
    await bus.send(new DeleteRuleCommand(rule));
  });
  return async (): Promise<Record<string, unknown> | undefined> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
    );
    return Messages.map(({ Body = "{}" }) => JSON.parse(Body) as Record<string, unknown>)
      .map(({ detail }) => detail as Record<string, unknown>)
      .find(({ partitionkey }) => partitionkey === orderId);
  };
}
