// The FIFO sender over memory, over the simulator's queue, and over a queue.
import { describe, expect, test } from "vitest";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { encode } from "#messaging";
import { fifoQueue } from "#simulation/fifo-queue";
import { queueSender } from "#simulation/queue-ports";
import { envelope } from "../support/consumer-world.ts";
import { createLocalQueue } from "../support/local-queue.ts";
import { fifoSenderContract } from "./fifo-sender-contract.ts";

describe("in memory", () => {
  fifoSenderContract(() => {
    const sender = memoryFifoSender();
    const accepted = async () =>
      sender.accepted.map(({ envelope: sent, group }) => ({ body: encode(sent), group }));
    return { sender, accepted };
  });
});

describe("over the simulator's queue", () => {
  fifoSenderContract(() => {
    const queue = fifoQueue({ visibilityMs: 1 });
    const sender = queueSender({ queue, now: () => 0 });
    return { sender, accepted: async () => queue.contents(0) };
  });
});

describe("over SQS", () => {
  fifoSenderContract(async () => {
    const queue = await createLocalQueue("ordered");
    const accepted = async () =>
      (await queue.receive()).map(({ Body = "", Attributes }) => ({
        body: Body,
        group: Attributes?.MessageGroupId,
      }));
    return { sender: sqsFifoSender(queue), accepted };
  });

  test("a queue that is not there is an error that may pass", async () => {
    const { client, queueUrl } = await createLocalQueue("ordered");
    const sender = sqsFifoSender({ client, queueUrl: queueUrl.replace("ordered", "absent") });
    const message = { envelope: envelope("a", 1), group: "a", deduplicationId: "a#1" };

    await expect(sender.send([message])).rejects.toMatchObject({
      code: "store-unavailable",
      action: "retry",
    });
  });
});
