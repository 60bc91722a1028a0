/**
 * What a store takes, checked in one place, so that every store refuses the same with the same
 * words.
 */
import { Failure } from "#kernel/failure";
import { utf8Bytes } from "../envelope/size.ts";
import type { ClaimRequest, KeptResult } from "./idempotency-store.ts";

/** DynamoDB takes 2,048 bytes in a partition key; half of it is left to the adapters. */
const KEY_BYTES_MAX = 1_024;
const OWNER_BYTES_MAX = 255;
const HASH_BYTES_MAX = 255;

/** 12 hours, as the longest visibility timeout. Source: "Amazon SQS message quotas". */
export const LEASE_MS_MAX = 43_200_000;

/** 10 years. */
export const KEEP_MS_MAX = 315_360_000_000;

/** @throws Failure `invalid-request` (reject): what is wrong, what was received, what to do. */
export function checkClaim(request: ClaimRequest): void {
  const { key, owner, payloadHash, leaseMs, keepMs, rank } = request;
  checkText("key", key, KEY_BYTES_MAX, "use a hash of it");
  checkText("owner", owner, OWNER_BYTES_MAX, "use a random id");
  checkText("payloadHash", payloadHash, HASH_BYTES_MAX, "use SHA-256 in hex");
  checkInteger("leaseMs", leaseMs, 1, LEASE_MS_MAX);
  checkInteger("keepMs", keepMs, leaseMs, KEEP_MS_MAX);
  if (rank !== undefined) checkInteger("rank", rank, 0, Number.MAX_SAFE_INTEGER);
}

/**
 * Two texts with lone surrogates can be one text in UTF-8: two keys would share a record.
 */
function checkText(name: string, text: string, bytesMax: number, instead: string): void {
  const bytes = utf8Bytes(text);
  if (text.trim() === "") throw refused(`${name} is blank; give every piece of work its own`);
  if (!text.isWellFormed()) throw refused(`${name} has a lone surrogate; ${instead}`);
  if (bytes > bytesMax) {
    throw refused(`${name} has ${bytes} bytes, at most ${bytesMax} are taken; ${instead}`);
  }
}

function checkInteger(name: string, value: number, smallest: number, largest: number): void {
  if (Number.isSafeInteger(value) && value >= smallest && value <= largest) return;
  throw refused(`${name} must be an integer from ${smallest} to ${largest}; received ${value}`);
}

const refused = (what: string): Failure =>
  new Failure("invalid-request", "reject", `The claim cannot be made: ${what}.`);

export const resultBytes = (result: string | Uint8Array): number =>
  typeof result === "string" ? utf8Bytes(result) : result.byteLength;

/** @throws Failure as the store's contract says; the effect of the claim stands. */
export function checkResult(key: string, result: KeptResult, bytesMax: number): void {
  if (typeof result !== "string" && !(result instanceof Uint8Array)) return;
  const advice =
    "The effect was had: complete with { omittedBytes }, and keep the result yourself.";
  const bytes = resultBytes(result);
  if (bytes > bytesMax) {
    throw new Failure(
      "payload-too-large",
      "reject",
      `The result under key ${JSON.stringify(key)} has ${bytes} bytes; ` +
        `at most ${bytesMax} are kept. ${advice}`,
    );
  }
  if (typeof result === "string" && !result.isWellFormed()) {
    throw new Failure(
      "invalid-request",
      "reject",
      `The result under key ${JSON.stringify(key)} has a lone surrogate, which no store gives ` +
        `back; use bytes. ${advice}`,
    );
  }
}
