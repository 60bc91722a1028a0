/**
 * What undoing a payment and paying a part of it back take, counted as an order's way is: neither
 * is part of an order without trouble.
 */
import { memoryClient } from "../store/client.ts";
import { benchTable, SHOP_TABLES as TABLES } from "../store/table.ts";
import { type Counted, unitMeter } from "../store/units.ts";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { memoryPaymentProvider } from "#adapters/memory/payment-provider";
import { type EpochMs, seconds } from "#kernel/units";
import { authorisePayment } from "#services/payments/authorise-payment";
import { capturePayment } from "#services/payments/capture-payment";
import { refundPayment } from "#services/payments/refund-payment";
import { voidPayment } from "#services/payments/void-payment";

const NOW = 1_700_000_000_000 as EpochMs;
const money = { amount: 1000, currency: "BRL" };

export async function paymentRun(): Promise<Readonly<Record<string, Counted>>> {
  const meter = unitMeter();
  const client = memoryClient(
    benchTable({
      request: (operation, touches) => meter.request(operation, touches),
    }),
  );
  const provider = memoryPaymentProvider();
  const ports = {
    provider,
    steps: dynamoPaymentSteps({ client, table: TABLES.payments }),
    intentLasting: seconds(30),
    count: () => undefined,
  };
  const counted = async (act: () => Promise<unknown>): Promise<Counted> => {
    meter.reset();
    await act();
    return meter.counted();
  };

  await authorisePayment(ports, { orderId: "undone", ...money }, NOW);
  const voided = await counted(() => voidPayment(ports, { orderId: "undone" }, NOW));
  const never = await counted(() => voidPayment(ports, { orderId: "never" }, NOW));

  await authorisePayment(ports, { orderId: "paid", ...money }, NOW);
  await capturePayment(ports, { orderId: "paid" }, NOW);
  const part = { orderId: "paid", refundId: "r1", ...money, amount: 300 };
  const refunded = await counted(() => refundPayment(ports, part, NOW));

  // Captured without an answer: the void finds it out and records it.
  const { paymentId } = await authorisePayment(ports, { orderId: "taken", ...money }, NOW);
  await provider.capture(paymentId, "taken:capture");
  const kept = await counted(() =>
    voidPayment(ports, { orderId: "taken" }, NOW).catch(() => undefined),
  );
  return { void: voided, "void of nothing": never, refund: refunded, "void of taken": kept };
}
