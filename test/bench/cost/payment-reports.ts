/**
 * What the payment provider tells of an order that is paid for: that it is authorised, and that it
 * is captured.
 */
import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoIdempotencyStore } from "#adapters/aws/dynamodb/idempotency-store";
import { dynamoPaymentBooks } from "#adapters/aws/dynamodb/payment-books";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import type { PaymentReported } from "#contracts/events/payment-events";
import type { EpochMs } from "#kernel/units";
import { encode } from "#messaging";
import type { PaymentProvider } from "#services/payments/ports";
import { acceptReport } from "#services/payments/accept-report";
import { hearReport } from "#services/payments/hear-report";
import { reportConsumer } from "#services/payments/report-consumer";

type World = {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly provider: PaymentProvider;
};

const NOW = 1_700_000_000_000 as EpochMs;

export async function hearOfPayment(
  { provider, ...table }: World,
  captured: PaymentReported,
): Promise<void> {
  const count = (): void => undefined;
  const ports = {
    provider,
    count,
    steps: dynamoPaymentSteps(table),
    books: dynamoPaymentBooks(table),
    filed: dynamoRecordStore({ ...table, kind: "difference" }),
    bus: memoryEventBus(),
  };
  const consume = reportConsumer({
    store: dynamoIdempotencyStore(table),
    deadLetters: memoryDeadLetters(),
    count,
    warn: count,
    hear: (report) => hearReport(ports, report, NOW),
  });
  const sender = memoryFifoSender();
  for (const status of ["authorised", "captured"] as const) {
    const report = { ...captured, status };
    const webhookId = `msg_${randomUUID()}`;
    await acceptReport({ sender }, { webhookId, report, requestId: randomUUID() });
  }
  for (const { group, envelope } of sender.accepted) {
    const record = { receiptId: randomUUID(), group, body: encode(envelope) };
    const { notDurable } = await consume([record], { remainingMs: () => 60_000 });
    if (notDurable.length > 0) throw new Error("A report of a payment could not be heard");
  }
}
