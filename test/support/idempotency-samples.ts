/**
 * Claims for the tests of idempotency stores, at instants counted from a fixed one.
 */
import { type EpochMs, milliseconds } from "#kernel/units";
import type { Claim, ClaimAnswer, ClaimRequest } from "#messaging/idempotency/index";
import { start } from "./consumer-world.ts";

export const LEASE_MS = 1_000;
export const KEEP_MS = 10_000;

export const at = (ms: number): EpochMs => (start + ms) as EpochMs;

export const request = (owner: string, over: Partial<ClaimRequest> = {}): ClaimRequest => ({
  key: "charge/order-1",
  owner,
  payloadHash: "hash",
  leaseMs: milliseconds(LEASE_MS),
  keepMs: milliseconds(KEEP_MS),
  ...over,
});

export const claimOf = (answer: ClaimAnswer): Claim => {
  if (answer.kind !== "claimed") throw new Error(`expected a claim, got ${answer.kind}`);
  return answer.claim;
};
