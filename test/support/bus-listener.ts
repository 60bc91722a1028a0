/**
 * What the shop publishes, as somebody outside of it hears it: a queue of its own behind a rule of
 * the bus.
 */
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
import { onTestFinished } from "vitest";
import type { Shop } from "./shop.ts";

export type Heard = Readonly<Record<string, unknown>>;

/** Answers what has come so far, from all calls together; it listens until the test is over. */
export async function listenTo(shop: Shop, detailType: string): Promise<() => Promise<Heard[]>> {
  const sqs = new SQSClient(shop.connection);
  const bus = new EventBridgeClient(shop.connection);
  const name = `heard-${randomUUID()}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const rule = { Name: name, EventBusName: shop.outputs.EventBusName };
  const EventPattern = JSON.stringify({ "detail-type": [detailType] });
  await bus.send(new PutRuleCommand({ ...rule, EventPattern }));
  const of = { Rule: name, EventBusName: rule.EventBusName };
  const target = { Id: "queue", Arn: Attributes?.["QueueArn"] };
  await bus.send(new PutTargetsCommand({ ...of, Targets: [target] }));
  onTestFinished(async () => {
    await bus.send(new RemoveTargetsCommand({ ...of, Ids: [target.Id] }));
    await bus.send(new DeleteRuleCommand(rule));
  });
  const heard: Heard[] = [];
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    for (const { Body = "{}" } of Messages) {
      const { detail } = JSON.parse(Body) as { readonly detail: Heard };
      heard.push(detail);
    }
    return heard;
  };
}
