/**
 * What every request to the simulated provider says about itself: who calls, and under which key.
 */
import { timingSafeEqual } from "node:crypto";
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Digests have one length, so the time that comparing them takes tells nothing about the key.
 * Errors: `Failure` `unauthenticated` (reject).
 */
export function refuseOtherKeys(authorization: string | undefined, apiKey: string): void {
  const digest = (text: string) => Buffer.from(sha256Hex(text));
  if (timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${apiKey}`))) return;
  throw new Failure("unauthenticated", "reject", "Send Authorization: Bearer with the API key.");
}

/** Errors: `Failure` `idempotency-key-missing` (reject). */
export function keyOf(headers: Readonly<Record<string, string>>): string {
  const key = headers["idempotency-key"] ?? "";
  if (KEY.test(key)) return key;
  throw new Failure(
    "idempotency-key-missing",
    "reject",
    "Send an Idempotency-Key of 1-255 visible ASCII characters.",
  );
}
