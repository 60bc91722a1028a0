/**
 * What the order list does about an order's event that is still missing after its deadline: the
 * orders' own store has every event, and sends the list exactly what it lacks.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { ORDER_LIST_CONSUMER } from "#adapters/aws/dynamodb/order-list";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { randomIds } from "#kernel/ids";
import type { DurationMs } from "#kernel/units";
import {
  type ClaimCheckStore,
  type RecoveryPolicies,
  type Redelivery,
  redeliveryFrom,
} from "#messaging";

export type OrderListSources = {
  readonly ORDERS_TABLE: string;
  readonly ORDER_LIST_QUEUE_URL: string;
};

export type GapOptions = {
  readonly recovery: Partial<RecoveryPolicies>;
  readonly redelivery: Redelivery;
};

export const askOurStore = (
  { ORDERS_TABLE: table, ORDER_LIST_QUEUE_URL: queueUrl }: OrderListSources,
  deadlineMs: DurationMs,
  claimChecks: ClaimCheckStore,
): GapOptions => ({
  recovery: {
    gap: {
      severity: "critical",
      recovery: { kind: "request-redelivery", deadlineMs, triesMax: 5 },
    },
  },
  redelivery: redeliveryFrom({
    store: dynamoEventStore({ client: dynamoClient(), table }),
    sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
    source: ORDER_EVENT_SOURCE,
    types: ORDER_EVENT_READERS[ORDER_LIST_CONSUMER],
    newId: randomIds,
    claimChecks,
  }),
});
