/**
 * The simulated provider takes the money that it promised, or gives the promise back: each only
 * once, and never both.
 */
import type { ProviderPayment } from "#contracts/http/provider";
import { Failure } from "#kernel/failure";
import { answeredCharge, requestHashOf } from "./answered-charge.ts";
import type { ChargeStatus, ChargeStore } from "./ports.ts";

export type ChargeMove = "capture" | "void";

const TARGETS = { capture: "captured", void: "voided" } as const satisfies Record<
  ChargeMove,
  ChargeStatus
>;

/**
 * Errors: `Failure` `not-found`, `conflict` (the charge is not authorised),
 * `idempotency-key-reused` (reject), and the store's.
 */
export async function moveCharge(
  charges: ChargeStore,
  move: ChargeMove,
  paymentId: string,
  key: string,
): Promise<ProviderPayment> {
  const requestHash = requestHashOf(move, paymentId);
  const status = TARGETS[move];
  const answer = { key, requestHash, paymentId, status, refunded: 0 };
  const charge = await charges.byId(paymentId);
  if (charge !== undefined) {
    const written = await charges.move(paymentId, ["authorised"], status, answer);
    if (written === "written") return { ...charge, status };
  }
  const before = await answeredCharge(charges, key, requestHash);
  if (before !== undefined) return before;
  if (charge === undefined) {
    throw new Failure("not-found", "reject", `There is no payment ${paymentId}.`);
  }
  throw new Failure(
    "conflict",
    "reject",
    `Payment ${paymentId} is not authorised (any more): ${move} is refused.`,
  );
}
