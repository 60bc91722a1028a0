// Sweep and redelivery over memory, and over DynamoDB and SQS as they are deployed.
import { describe } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadIndex, memoryHeadStore } from "#adapters/memory/head-store";
import { memoryTable } from "#adapters/memory/table";
import type { HeadStore, QueueRecord } from "#messaging";
import { fifoQueue } from "#simulation/fifo-queue";
import { queueSender } from "#simulation/queue-ports";
import { createLocalQueue } from "../support/local-queue.ts";
import { createLocalTable } from "../support/local-table.ts";
import { gapRepairContract } from "./gap-repair-contract.ts";

describe("in memory", () => {
  gapRepairContract(() => {
    const table = memoryTable();
    const queue = fifoQueue({ visibilityMs: 1 });
    let taken = 0;
    const receive = async (): Promise<readonly QueueRecord[]> => {
      const all = queue.contents(0);
      const fresh = all.slice(taken);
      taken = all.length;
      return fresh.map(({ body, group }, index) => ({
        receiptId: `${taken}-${index}`,
        group: group ?? "",
        body,
      }));
    };
    return {
      store: memoryEventStore(),
      heads: memoryHeadStore({ table }) as unknown as HeadStore,
      index: memoryHeadIndex({ table }),
      sender: queueSender({ queue, now: () => 0 }),
      receive,
    };
  });
});

describe("in DynamoDB and SQS", () => {
  gapRepairContract(async () => {
    const place = { ...(await createLocalTable("repair")), consumer: "tested" };
    const queue = await createLocalQueue("repair");
    return {
      store: dynamoEventStore(await createLocalTable("produced")),
      heads: dynamoHeadStore({ ...place, writes: noWrites }),
      index: dynamoHeadIndex(place),
      sender: sqsFifoSender(queue),
      receive: async () =>
        (await queue.receive()).map(({ MessageId = "", Body: body = "", Attributes }) => ({
          receiptId: MessageId,
          group: Attributes?.MessageGroupId ?? "",
          body,
        })),
    };
  });
});
