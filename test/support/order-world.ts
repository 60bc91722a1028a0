/**
 * The orders service over memory: the same use cases as in the functions, with a composition root
 * of its own.
 */
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memoryOrderRecords } from "#adapters/memory/order-records";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import type { OrderView } from "#contracts/http/orders";
import { encode, orderedConsumer, type QueueRecord } from "#messaging";
import type { OrderEvent } from "#services/orders/domain/events";
import { acceptWebhook } from "#services/orders/usecases/accept-webhook";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";
import { viewOrder } from "#services/orders/usecases/view-order";
import { customerId, facts, now } from "./order-samples.ts";

export function orderWorld() {
  const store = memoryEventStore();
  const heads = memoryHeadStore(store, { consumer: "fulfilment" });
  const records = memoryOrderRecords({ store, heads });
  const deadLetters = memoryDeadLetters();
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;

  return {
    store,
    deadLetters,

    /** A sandbox: it remembers nothing of another's. */
    sandbox: () =>
      orderedConsumer({
        handler: fulfilmentHandler(store),
        heads,
        deadLetters,
        clock: { now: () => now, sleep: () => Promise.resolve() },
        newId,
      }),

    /** The events as another order's, too. */
    async given(orderId: string, ...events: readonly OrderEvent[]): Promise<void> {
      for (const event of events) {
        const own: OrderEvent =
          event.type === "order.placed" ? { ...event, data: { ...facts, orderId } } : event;
        const order = loadOrder(orderId, await store.read(orderId));
        await store.append(commitOf(order, [own], { now }));
      }
    },

    /** What the queue delivers after the webhooks have been accepted, in the order given. */
    async delivered(bodies: readonly FulfilmentBody[]): Promise<readonly QueueRecord[]> {
      const sender = memoryFifoSender();
      for (const body of bodies) {
        const webhookId = `msg-${body.orderId}-${body.sequence}`;
        await acceptWebhook({ sender }, { webhookId, body, now, requestId: newId() });
      }
      return sender.accepted.map(({ group, envelope }) => ({
        receiptId: newId(),
        group,
        body: encode(envelope),
      }));
    },

    view: (orderId: string): Promise<OrderView> =>
      viewOrder({ records }, { orderId, asker: { kind: "customer", id: customerId } }),
  };
}

export const plentyOfTime = { remainingMs: () => 60_000 };
