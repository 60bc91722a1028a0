/**
 * Who a bearer token speaks for. Its adapter is `lib/adapters/aws/kms/token-verifier.ts`.
 */
import type { EpochMs } from "#kernel/units";
import type { Subject } from "./http-route.ts";

/**
 * Contract: answers only for a token that this system signed, for this audience, alive at `now`.
 * Errors: `Failure` `unauthenticated` (reject) for any other token; `store-unavailable` (retry)
 * when the keys cannot be read.
 */
export type TokenVerifier = { verify(token: string, now: EpochMs): Promise<Subject> };
