/**
 * The simulated provider promises money, or declines: totals whose minor units end in 13, or as its
 * settings say. Where late answers are switched on it takes those ending in 17 and then keeps its
 * client waiting, as real ones sometimes do.
 */
import type { AuthoriseBody, ProviderAnswers, ProviderPayment } from "#contracts/http/provider";
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import type { DurationMs } from "#kernel/units";
import { answeredCharge, beingUsed, requestHashOf } from "./answered-charge.ts";
import type { Charge, ChargeStore } from "./ports.ts";

export type AuthorisePorts = {
  readonly charges: ChargeStore;
  readonly clock: Clock;
  readonly newId: NewId;
  /** How long the answer to a late total takes; absent: no answer is late. */
  readonly lateAnswer: DurationMs | undefined;
};

const LATE_ENDING = 17;

/** Errors: `Failure` `idempotency-key-reused` (reject), `store-throttled` (retry); the store's. */
export async function authoriseCharge(
  { charges, clock, newId, lateAnswer }: AuthorisePorts,
  key: string,
  body: AuthoriseBody,
  { declinedEnding }: Pick<ProviderAnswers, "declinedEnding">,
): Promise<ProviderPayment> {
  const requestHash = requestHashOf("authorise", body);
  const status = endsIn(body.amount, declinedEnding) ? "declined" : "authorised";
  const charge: Charge = { ...body, paymentId: `pay_${newId()}`, status, refunded: 0 };
  const written = await charges.create(charge, {
    key,
    requestHash,
    paymentId: charge.paymentId,
    status,
    refunded: 0,
  });
  if (written === "written") {
    if (lateAnswer !== undefined && endsIn(body.amount, LATE_ENDING)) await clock.sleep(lateAnswer);
    return charge;
  }
  const meanwhile = await answeredCharge(charges, key, requestHash);
  if (meanwhile !== undefined) return meanwhile;
  throw beingUsed(`The key ${key} is in use; repeat the request.`);
}

/** The last two digits of the minor units. */
const endsIn = (amount: number, ending: number | null): boolean => amount % 100 === ending;
