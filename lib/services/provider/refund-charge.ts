/**
 * The simulated provider pays back what it has taken: all at once or in parts, never more in sum.
 */
import type { ProviderPayment } from "#contracts/http/provider";
import { Failure } from "#kernel/failure";
import { answeredCharge, beingUsed, requestHashOf } from "./answered-charge.ts";
import type { ChargeStore } from "./ports.ts";

export type RefundCharge = {
  readonly paymentId: string;
  readonly amount: number;
  readonly key: string;
};

/** When other refunds of the same charge keep coming first. */
const TRIES_MAX = 5;

/**
 * Errors: `Failure` `not-found`, `conflict` (reject: nothing taken, or less than would be paid
 * back), `idempotency-key-reused` (reject), `store-throttled` (retry), and the store's.
 */
export async function refundCharge(
  charges: ChargeStore,
  { paymentId, amount, key }: RefundCharge,
): Promise<ProviderPayment> {
  const requestHash = requestHashOf("refund", { paymentId, amount });
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const before = await answeredCharge(charges, key, requestHash);
    if (before !== undefined) return before;
    const charge = await charges.byId(paymentId);
    if (charge === undefined) {
      throw new Failure("not-found", "reject", `There is no payment ${paymentId}.`);
    }
    const refunded = charge.refunded + amount;
    if (charge.status !== "captured" || refunded > charge.amount) {
      throw new Failure(
        "conflict",
        "reject",
        `Payment ${paymentId} is ${charge.status}, ${charge.refunded} of ${charge.amount} are ` +
          `paid back: ${amount} more are refused.`,
      );
    }
    const answer = { key, requestHash, paymentId, status: charge.status, refunded };
    if ((await charges.refund(charge, amount, answer)) === "written") {
      return { ...charge, refunded };
    }
  }
  throw beingUsed(`Payment ${paymentId} is being refunded; repeat it.`);
}
