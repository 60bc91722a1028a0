/**
 * The secrets of an endpoint: the newest one signs, and each former one as well until it expires,
 * so that a receiver can change over without losing a webhook (Standard Webhooks, "Secret
 * rotation").
 */
import { type DurationMs, type EpochMs, later } from "#kernel/units";

export type FormerSecret = { readonly secret: string; readonly expiresAt: EpochMs };

export type SigningSecrets = {
  readonly secret: string;
  readonly former: readonly FormerSecret[];
};

/** Each costs a signature in every header. */
export const FORMER_MAX = 2;

/** Undefined: too many former secrets still sign. An overlap of 0 ends all of them at once. */
export function rotated(
  { secret, former }: SigningSecrets,
  next: string,
  { now, overlap }: { readonly now: EpochMs; readonly overlap: DurationMs },
): SigningSecrets | undefined {
  if (overlap === 0) return { secret: next, former: [] };
  const until = later(now, overlap);
  const kept = former
    .filter(({ expiresAt }) => expiresAt > now)
    .map((one) => ({ ...one, expiresAt: Math.min(one.expiresAt, until) as EpochMs }));
  if (kept.length >= FORMER_MAX) return undefined;
  return { secret: next, former: [{ secret, expiresAt: until }, ...kept] };
}

export const formerAt = ({ former }: SigningSecrets, now: EpochMs): readonly string[] =>
  former.filter(({ expiresAt }) => expiresAt > now).map(({ secret }) => secret);
