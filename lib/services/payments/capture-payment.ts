/**
 * Takes the money that was promised for an order. A step of the order saga: it may be repeated,
 * cut off anywhere, and overtaken by the void of the payment.
 */
import type { PaymentAnswer } from "#contracts/saga";
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { carryOut, lookUp, type PaymentPorts, providerKey } from "./external-step.ts";
import { captureMovement, type Movement } from "./ledger.ts";
import type { PaymentStep, ProviderPayment, RecordedPayment } from "./ports.ts";

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
      send: (key) => capturedByAnybody(ports, { orderId, paymentId, key }),
      movementOf: capturedBy(orderId, now),
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

/**
 * Some providers capture by themselves, when the payment is authorised or later: they refuse ours,
 * and the money is taken all the same.
 */
async function capturedByAnybody(
  ports: PaymentPorts,
  { orderId, paymentId, key }: Readonly<Record<"orderId" | "paymentId" | "key", string>>,
): Promise<ProviderPayment> {
  try {
    return await ports.provider.capture(paymentId, key);
  } catch (error) {
    if (!isFailure(error) || error.action !== "reject") throw error;
    const present = await lookUp(ports, providerKey(orderId, "authorise"));
    if (present?.status === "captured") return present;
    throw error;
  }
}

/** What was captured: a provider that answers anything else has taken nothing. */
export const capturedBy =
  (orderId: string, at: EpochMs) =>
  ({ status, ...payment }: RecordedPayment): Movement | undefined =>
    status === "captured" ? captureMovement({ ...payment, orderId, at }) : undefined;

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
