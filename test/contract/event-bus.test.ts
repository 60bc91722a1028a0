// The event bus over memory, in the simulator, and over EventBridge.
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { memoryEventBus } from "#adapters/memory/event-bus";
import type { SentEnvelope } from "#messaging";
import { simulatedEventBus } from "#simulation/event-bus";
import { localConnection } from "../support/connection.ts";
import { envelope } from "../support/consumer-world.ts";
import { eventually } from "../support/eventually.ts";
import { createLocalQueue, type LocalQueue } from "../support/local-queue.ts";
import { eventBusContract } from "./event-bus-contract.ts";

describe("in memory", () => {
  eventBusContract(() => {
    const bus = memoryEventBus();
    return { bus, delivered: async () => bus.published };
  });
});

describe("in the simulator", () => {
  eventBusContract(() => {
    const delivered: SentEnvelope[] = [];
    const bus = simulatedEventBus({
      time: { now: () => 0, at: (_time, act) => act() },
      deliver: (event) => delivered.push(event),
      faults: {
        refuses: () => false,
        drops: () => false,
        repeats: () => false,
        delayMs: () => 0,
      },
    });
    return { bus, delivered: async () => delivered };
  });
});

describe("over EventBridge", () => {
  const client = () => new EventBridgeClient(localConnection());

  eventBusContract(async () => {
    const queue = await createLocalQueue("delivered");
    const busName = queueName(queue).replace(".fifo", "");
    const events = client();
    await events.send(new CreateEventBusCommand({ Name: busName }));
    await events.send(
      new PutRuleCommand({
        Name: "everything",
        EventBusName: busName,
        EventPattern: JSON.stringify({ source: ["urn:test"] }),
      }),
    );
    await events.send(
      new PutTargetsCommand({
        Rule: "everything",
        EventBusName: busName,
        Targets: [
          { Id: "queue", Arn: await arnOf(queue), SqsParameters: { MessageGroupId: "all" } },
        ],
      }),
    );
    const got: SentEnvelope[] = [];
    return {
      bus: eventBridgeEventBus({ client: events, busName }),
      delivered: (atLeast) =>
        eventually(async () => {
          for (const { Body = "" } of await queue.receive()) {
            const { detail } = JSON.parse(Body) as { readonly detail: SentEnvelope };
            got.push(detail);
          }
          return got.length >= atLeast ? got : undefined;
        }),
    };
  });

  test("a bus that cannot be reached is an error that may pass", async () => {
    const unreachable = new EventBridgeClient({
      ...localConnection(),
      endpoint: "http://127.0.0.1:1",
      maxAttempts: 1,
    });
    const bus = eventBridgeEventBus({ client: unreachable, busName: "any" });

    await expect(bus.publish([envelope("a", 1)])).rejects.toMatchObject({
      code: "store-unavailable",
      action: "retry",
    });
  });
});

const queueName = ({ queueUrl }: LocalQueue): string =>
  queueUrl.slice(queueUrl.lastIndexOf("/") + 1);

async function arnOf({ client, queueUrl }: LocalQueue): Promise<string> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  return Attributes?.QueueArn ?? "";
}
