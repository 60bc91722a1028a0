/**
 * The provider's idempotency: a key answers its first result for ever, and belongs to one request.
 */
import type { ProviderPayment } from "#contracts/http/provider";
import { Failure } from "#kernel/failure";
import { canonicalJson, sha256Hex } from "#kernel/hash";
import type { Json } from "#kernel/json";
import type { ChargeStore } from "./ports.ts";

/** What is compared when a key comes again: the operation and everything it was given. */
export const requestHashOf = (operation: string, payload: Json): string =>
  sha256Hex(canonicalJson([operation, payload]));

/**
 * The first answer to the key; undefined for a fresh one.
 * Errors: `Failure` `idempotency-key-reused` (reject) for another request.
 */
export async function answeredCharge(
  charges: ChargeStore,
  key: string,
  requestHash: string,
): Promise<ProviderPayment | undefined> {
  const answered = await charges.byKey(key);
  if (answered === undefined) return undefined;
  if (answered.requestHash !== requestHash) {
    throw new Failure(
      "idempotency-key-reused",
      "reject",
      `The key ${key} was used for another request: send a fresh key, or the same request again.`,
    );
  }
  const { charge, status, refunded } = answered;
  return { ...charge, status, refunded };
}

/** Not `conflict`: that is a refusal to a client, and what came first is no reason to refuse. */
export const beingUsed = (message: string): Failure =>
  new Failure("store-throttled", "retry", message);
