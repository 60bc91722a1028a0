/**
 * What is known of the effects of one entity, by whoever sees all of it.
 */
import type { Claim, IdempotentAnswer, KeptResult } from "#messaging/idempotency/index";
import type { Judgement } from "./judgement.ts";
import type { Work } from "./requests.ts";

/** One time that an effect began. */
export type EffectRun = {
  readonly work: Work;
  readonly attempt: number;
  readonly deadline: number;
  readonly keepUntil: number;
  /** `nothing-had`: it said so itself, and was right. */
  end: "under-way" | "nothing-had" | "unknown" | "returned" | "completed";
};

export type Grant = Claim & {
  readonly work: Work;
  readonly keepUntil: number;
  isHeld: boolean;
};

export type Completion = {
  readonly work: Work;
  readonly claim: Claim;
  readonly result: KeptResult;
  readonly until: number;
};

export type Truth = {
  readonly grants: Grant[];
  readonly runs: EffectRun[];
  readonly completions: Completion[];
};

/** What a caller was answered. */
export type Told = IdempotentAnswer | { readonly kind: "failed"; readonly code: string };

export type Verdict = Parameters<Judgement["judge"]> | undefined;

export const named = ({ entity, rank }: Work): string =>
  rank === 0 ? entity : `${entity} rank ${rank}`;

export const isSameClaim = (one: Claim, other: Claim): boolean =>
  one.owner === other.owner && one.attempt === other.attempt;

/** Byte for byte, and of the same kind. */
export function isSameResult(one: KeptResult, other: KeptResult): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    return Buffer.compare(one, other) === 0;
  }
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Of a result that was too large only that is known. */
export const isKeptAs = (kept: KeptResult, result: string | Uint8Array): boolean =>
  (typeof kept === "object" && "omittedBytes" in kept) || isSameResult(kept, result);
