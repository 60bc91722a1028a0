/**
 * The relay with two faults: events that a test names never reach the order list's queue, or the
 * queue that starts sagas, and nobody is told.
 */
import { changeOf } from "#adapters/aws/dynamodb/change-stream";
import { isOfProducts, productChangeOf } from "#adapters/aws/dynamodb/product-changes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { SERVICES } from "#contracts/metrics";
import type { FifoSender, OutgoingMessage } from "#messaging";
import { claimChecks } from "#lambda/claim-check-place";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { outboxes } from "../../../functions/outbox/outboxes.ts";
import { takeFault } from "./asked-faults.ts";

const environment = config(
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "WEBHOOK_PLAN_QUEUE_URL",
  "RECOMMENDATIONS_QUEUE_URL",
  "EVENT_BUS_NAME",
);

/** The orders' table, once its first record has come. */
let table = "";

const { orders, products } = outboxes(environment, {
  sender(queueUrl) {
    const sender = sqsFifoSender({ client: sqsClient(), queueUrl });
    if (queueUrl === environment.ORDER_LIST_QUEUE_URL) return forgetful(sender, "forget");
    const isStart = queueUrl === environment.SAGA_START_QUEUE_URL;
    return isStart ? forgetful(sender, "forget-start") : sender;
  },
  claimChecks: claimChecks(),
});

export const handler = streamFunction({
  service: SERVICES.outbox,
  async forward(records) {
    if (records.some(isOfProducts)) {
      const { failed } = await products.forward(records.map(productChangeOf));
      return failed === undefined ? {} : { failedSequenceNumber: failed.position };
    }
    table = records[0]?.eventSourceARN?.split("/")[1] ?? table;
    const { failed } = await orders.forward(records.map(changeOf));
    return failed === undefined ? {} : { failedSequenceNumber: failed.position };
  },
});

function forgetful(sender: FifoSender, fault: string): FifoSender {
  return {
    async send(messages) {
      const kept: OutgoingMessage[] = [];
      for (const message of messages) {
        if (!(await isForgotten(message, fault))) kept.push(message);
      }
      if (kept.length > 0) await sender.send(kept);
    },
  };
}

async function isForgotten({ envelope }: OutgoingMessage, fault: string): Promise<boolean> {
  if (!("sequence" in envelope)) return false;
  return await takeFault(table, envelope.partitionkey, `${fault}-${envelope.sequence}`);
}
