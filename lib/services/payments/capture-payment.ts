/**
 * Takes the money that was promised for an order. A step of the order saga: it may be repeated,
 * cut off anywhere, and overtaken by the void of the payment.
 */
import type { PaymentAnswer } from "#contracts/saga";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { carryOut, type PaymentPorts } from "./external-step.ts";
import type { PaymentStep, RecordedPayment } from "./ports.ts";

/**
 * Errors: `Failure` `conflict`, `provider-refused`, `step-cancelled` (reject), and those of
 * `carryOut`.
 */
export async function capturePayment(
  ports: PaymentPorts,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<PaymentAnswer> {
  const authorise = await ports.steps.read({ orderId, step: "authorise" });
  const { paymentId, amount, currency } = authorisedPayment(orderId, authorise?.step);
  const payment = await carryOut(
    ports,
    {
      key: { orderId, step: "capture" },
      amount,
      currency,
      send: (key) => ports.provider.capture(paymentId, key),
    },
    now,
  );
  if (payment.status !== "captured") {
    throw new Failure(
      "provider-refused",
      "reject",
      `The provider answered "${payment.status}" to the capture of payment ${paymentId}.`,
    );
  }
  return { paymentId: payment.paymentId };
}

function authorisedPayment(orderId: string, step: PaymentStep | undefined): RecordedPayment {
  if (step?.kind === "done" && step.status !== "declined") return step;
  if (step?.kind === "tombstone") {
    throw new Failure(
      "step-cancelled",
      "reject",
      `The payment of order ${orderId} has been voided; a late capture is refused.`,
    );
  }
  throw new Failure(
    "conflict",
    "reject",
    `Order ${orderId} has no authorised payment to capture: authorise it first.`,
  );
}
