/**
 * What hears the payment provider and compares the books with it, over memory.
 */
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { memoryRecordStore } from "#adapters/memory/record-store";
import type { PaymentReported } from "#contracts/events/payment-events";
import type { MetricName } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import { encode, type QueueRecord } from "#messaging";
import { acceptReport } from "#services/payments/accept-report";
import { hearReport } from "#services/payments/hear-report";
import type { ListedPayment } from "#services/payments/ports";
import { reconcilePayments, type ReconcilePorts } from "#services/payments/reconcile-payments";
import { reportConsumer } from "#services/payments/report-consumer";
import { noon, orderId, outcomeUnknown, type PaymentWorld } from "./payment-world.ts";

type List = (cursor?: string) => Promise<{
  readonly payments: readonly ListedPayment[];
  readonly next?: string;
}>;

export function shopOver(
  world: PaymentWorld,
  list: List = (cursor) => world.provider.list(cursor),
) {
  const bus = memoryEventBus();
  const dead = memoryDeadLetters();
  const counted: MetricName[] = [];
  const cursors = memoryRecordStore(undefined, "cursors");
  const ports = {
    provider: world.provider,
    steps: world.steps,
    books: world.steps,
    filed: memoryRecordStore(undefined, "filed"),
    bus,
    count: (metric: MetricName) => void world.counted.push(metric),
  };
  const hear = (report: PaymentReported, now: EpochMs = noon) => hearReport(ports, report, now);
  const consumer = reportConsumer({
    store: memoryIdempotencyStore(),
    deadLetters: dead,
    count: (metric) => void counted.push(metric),
    warn: () => undefined,
    hear: (report) => hear(report),
  });
  const consume = (records: readonly QueueRecord[]) =>
    consumer(records, { remainingMs: () => 10_000, near: () => () => undefined });
  let changes = 0;
  return {
    bus,
    dead,
    counted,
    hear,
    consume,
    /** As the queue hands over what the webhook has put into it. */
    async deliver(report: PaymentReported, webhookId: string) {
      const sender = memoryFifoSender();
      await acceptReport({ sender }, { webhookId, report, requestId: "r" });
      const records = sender.accepted.map(({ envelope, group }) => ({
        receiptId: webhookId,
        group,
        body: encode(envelope),
      }));
      return await consume(records);
    },
    reconcile: (
      now: EpochMs = noon,
      pagesMax = 10,
      remainingMs = () => 600_000,
      changed: Partial<ReconcilePorts> = {},
    ) =>
      reconcilePayments(
        {
          ...ports,
          list: { list },
          cursors,
          newId: () => {
            changes += 1;
            return String(changes);
          },
          ...changed,
        },
        { pagesMax, remainingMs },
        now,
      ),
  };
}

/** What the provider would say now of the order's payment. */
export async function told({ provider }: PaymentWorld): Promise<PaymentReported> {
  const [payment] = provider.paymentsOf(orderId);
  if (payment === undefined) throw new Error("the provider has no payment of the order");
  return { ...payment, orderId };
}

/** The step's request is sent and never answered; `lands`: it is carried out all the same. */
export async function unanswered(
  world: PaymentWorld,
  step: "authorise" | "capture" | "refund",
  lands = false,
): Promise<void> {
  const { provider } = world;
  const silent = {
    ...provider,
    lookup: () => Promise.reject(outcomeUnknown()),
    [step]: async (...asked: readonly never[]) => {
      if (lands)
        await (provider[step] as (...given: readonly never[]) => Promise<unknown>)(...asked);
      throw outcomeUnknown();
    },
  };
  await world
    .overPorts({ provider: silent })
    [step]()
    .catch(() => undefined);
}
