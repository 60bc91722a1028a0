/**
 * Who reads an order's events in order, and who hears of its carriers, each with its own heads: one
 * message a batch, as where there is little traffic, which costs most.
 */
import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { appendWrites } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { ORDER_LIST_CONSUMER, orderListIndex } from "#adapters/aws/dynamodb/order-list";
import { dynamoOrderOwners } from "#adapters/aws/dynamodb/order-owners";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { basketWrites, dynamoRecommendations } from "#adapters/aws/dynamodb/recommendations";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { dynamoWebhookEndpoints } from "#adapters/aws/dynamodb/webhook-endpoints";
import { dynamoWebhookLanes, webhookWrites } from "#adapters/aws/dynamodb/webhook-lanes";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { SERVICES } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import { seconds } from "#kernel/units";
import {
  type Commit,
  encode,
  type EventStore,
  type OutgoingMessage,
  orderedConsumer,
  relay,
} from "#messaging";
import { acceptWebhook } from "#services/orders/usecases/accept-webhook";
import { orderListProjection } from "#services/orders/usecases/project-order-list";
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";
import { sagaStartHandler } from "#services/orders/usecases/start-sagas";
import { basketCounting } from "#services/products/count-baskets";
import { planningHandler } from "#services/webhooks/plan-deliveries";
import { SHOP_TABLES as TABLES } from "../store/table.ts";

type World = { readonly client: DynamoDBClient; readonly store: EventStore };

const NOW = 1_700_000_000_000 as EpochMs;
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const around = { clock, newId: () => randomUUID(), deadLetters: memoryDeadLetters() };
const unhurried = { remainingMs: () => 60_000 };

type ReaderName = keyof typeof ORDER_EVENT_READERS;
const READERS = Object.keys(ORDER_EVENT_READERS) as readonly ReaderName[];

type Consumes = { consume: ReturnType<typeof orderedConsumer>["consume"] };

export function orderReaders({ client, store }: World) {
  const consumers = consumersOf({ client, store });
  const fulfilment = orderedConsumer({
    ...around,
    handler: fulfilmentHandler(store),
    heads: dynamoHeadStore({
      client,
      table: TABLES.orders,
      consumer: FULFILMENT_CONSUMER,
      writes: appendWrites(TABLES.orders),
    }),
  });
  return {
    /** Approved, handed over, delivered. */
    async reports(orderId: string): Promise<void> {
      const sender = memoryFifoSender();
      for (const [index, type] of (
        ["approved", "handed-to-carrier", "delivered"] as const
      ).entries()) {
        const occurredAt = `2030-01-0${index + 1}T10:00:00Z`;
        const body = { orderId, sequence: index + 1, type, occurredAt };
        const webhookId = `msg_${randomUUID()}`;
        await acceptWebhook({ sender }, { webhookId, body, now: NOW, requestId: randomUUID() });
      }
      await readOneByOne(fulfilment, sender.accepted);
    },

    /** As the relay hands them on; each queue is read when it is asked to. */
    async relayed(commits: readonly Commit[]) {
      const bus = memoryEventBus();
      const ways = READERS.map((name) => ({
        name,
        consumer: consumers[name],
        sender: memoryFifoSender(),
      }));
      const routes = ways.map(({ name, sender }) => ({
        types: ORDER_EVENT_READERS[name],
        sender,
      }));
      const changes = commits.map((commit, index) => ({
        position: String(index),
        content: { kind: "commit", commit } as const,
      }));
      await relay({ source: ORDER_EVENT_SOURCE, routes, bus }).forward(changes);
      const queues = ways.map(({ name, consumer, sender }) => ({
        name,
        messages: sender.accepted.length,
        read: () => readOneByOne(consumer, sender.accepted),
      }));
      return { published: bus.published.length, queues };
    },
  };
}

async function readOneByOne(
  { consume }: Consumes,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  for (const { group, envelope } of messages) {
    const record = { receiptId: randomUUID(), group, body: encode(envelope) };
    const { notDurable } = await consume([record], unhurried);
    if (notDurable.length > 0) throw new Error(`${envelope.type} could not be read`);
  }
}

/** Each reader of orders' events is one here, or this does not compile. */
function consumersOf({ client, store }: World): Readonly<Record<ReaderName, Consumes>> {
  const plain = { client, writes: noWrites };
  const sagaStart = orderedConsumer({
    ...around,
    handler: sagaStartHandler(
      { starter: memorySagaStarter(), store, clock, tell: () => undefined },
      seconds(11),
    ),
    heads: dynamoHeadStore({ ...plain, table: TABLES.sagaStart, consumer: SERVICES.sagaStart }),
  });
  const orderList = orderedConsumer({
    ...around,
    handler: orderListProjection,
    heads: dynamoHeadStore({
      ...plain,
      table: TABLES.orderList,
      consumer: ORDER_LIST_CONSUMER,
      index: orderListIndex(),
    }),
  });
  const webhooks = { client, table: TABLES.webhooks };
  const webhookPlan = orderedConsumer({
    ...around,
    handler: planningHandler({
      owners: dynamoOrderOwners({ client, table: TABLES.orders }),
      endpoints: dynamoWebhookEndpoints(webhooks),
      lanes: dynamoWebhookLanes(webhooks),
    }),
    heads: dynamoHeadStore({
      ...webhooks,
      consumer: SERVICES.webhookPlan,
      writes: webhookWrites(TABLES.webhooks),
    }),
    settings: { streamsCachedMax: 0 },
  });
  const counts = { client, table: TABLES.recommendations };
  const recommendations = orderedConsumer({
    ...around,
    handler: basketCounting(dynamoRecommendations(counts)),
    heads: dynamoHeadStore({
      ...counts,
      consumer: SERVICES.recommendations,
      writes: basketWrites(TABLES.recommendations),
    }),
  });
  return {
    "saga-start": sagaStart,
    "order-list": orderList,
    "webhook-plan": webhookPlan,
    recommendations,
  };
}
