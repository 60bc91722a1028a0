/**
 * The rule of a token bucket, in whole numbers: it holds a policy's quota, a request takes one
 * token, and the whole quota comes back within the policy's window, evenly.
 */
import type { RatePolicy } from "#contracts/http/rate-limits";
import type { EpochMs } from "#kernel/units";

/**
 * A token is as many parts as the window has milliseconds: then a millisecond brings back `quota`
 * parts, and nothing is ever rounded.
 */
export type Bucket = { readonly parts: number; readonly at: EpochMs };

export type Taken = {
  readonly isAllowed: boolean;
  readonly bucket: Bucket;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Seconds until the quota is whole again, rounded up. */
  readonly wholeInSeconds: number;
  /** Seconds until there is a token, rounded up; 0 while there is one. */
  readonly nextInSeconds: number;
};

/**
 * A refused request takes nothing, so that waiting helps whoever goes on asking.
 *
 * @param before absent: of somebody who has not asked yet, or not for long
 */
export function take(policy: RatePolicy, before: Bucket | undefined, now: EpochMs): Taken {
  const { quota, windowSeconds } = policy;
  const token = windowSeconds * 1000;
  const whole = quota * token;
  const filled = before === undefined ? whole : refilled(policy, before, now);
  const isAllowed = filled >= token;
  const parts = isAllowed ? filled - token : filled;
  return {
    isAllowed,
    bucket: { parts, at: laterOf(before?.at, now) },
    remaining: Math.floor(parts / token),
    wholeInSeconds: secondsFor(whole - parts, quota),
    nextInSeconds: secondsFor(Math.max(0, token - parts), quota),
  };
}

function refilled(
  { quota, windowSeconds }: RatePolicy,
  { parts, at }: Bucket,
  now: EpochMs,
): number {
  const elapsedMs = Math.max(0, now - at);
  return Math.min(quota * windowSeconds * 1000, parts + elapsedMs * quota);
}

/** A clock that was set back must not bring the same time twice. */
const laterOf = (before: EpochMs | undefined, now: EpochMs): EpochMs =>
  before !== undefined && before > now ? before : now;

const secondsFor = (parts: number, quota: number): number => Math.ceil(parts / quota / 1000);
