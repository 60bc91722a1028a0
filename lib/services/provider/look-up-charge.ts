/**
 * What became of a request: how a client finds out whose answer it has lost.
 */
import type { ProviderLookup } from "#contracts/http/provider";
import type { ChargeStore } from "./ports.ts";

/** The charge as it is now; none when no request with that key has been accepted. */
export async function lookUpCharge(charges: ChargeStore, key: string): Promise<ProviderLookup> {
  const answered = await charges.byKey(key);
  return answered === undefined ? {} : { payment: answered.charge };
}
