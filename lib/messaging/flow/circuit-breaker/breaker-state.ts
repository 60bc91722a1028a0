/**
 * The states of a circuit breaker and how one leads to the next. Pure; whoever writes them says at
 * which time.
 *
 *     closed     --trip-->                         open
 *     open       --probeAt passes, one claims-->   half-open
 *     half-open  --the probe succeeds-->           closed
 *     half-open  --the probe fails-->              open
 *     half-open  --probeAt passes, one claims-->   half-open
 *
 * Source: M. Nygard, "Release It!", the circuit breaker pattern.
 */
import { Failure } from "#kernel/failure";
import type { JsonObject } from "#kernel/json";
import { type DurationMs, type EpochMs, later } from "#kernel/units";

export type BreakerState =
  | { readonly status: "closed" }
  | {
      /** half-open: one call has been let through, and may still be under way. */
      readonly status: "open" | "half-open";
      /** When it tripped; the same until it closes. */
      readonly openedAt: EpochMs;
      /** From then on one call may be let through. */
      readonly probeAt: EpochMs;
    };

export type TrippedState = Exclude<BreakerState, { readonly status: "closed" }>;

export const closed: BreakerState = { status: "closed" };

export const tripped = (now: EpochMs, interval: DurationMs): TrippedState => ({
  status: "open",
  openedAt: now,
  probeAt: later(now, interval),
});

/** The next call may be let through an interval later, whatever becomes of this one. */
export const probing = (
  { openedAt }: TrippedState,
  now: EpochMs,
  interval: DurationMs,
): TrippedState => ({ status: "half-open", openedAt, probeAt: later(now, interval) });

export const reopened = (
  { openedAt }: TrippedState,
  now: EpochMs,
  interval: DurationMs,
): TrippedState => ({ status: "open", openedAt, probeAt: later(now, interval) });

export const sameOutage = (a: BreakerState, b: BreakerState): boolean =>
  a.status !== "closed" && b.status !== "closed" && a.openedAt === b.openedAt;

/** Whether nobody has claimed a later probe. */
export const sameProbe = (a: BreakerState, b: TrippedState): boolean =>
  sameOutage(a, b) && a.status === "half-open" && a.probeAt === b.probeAt;

/** @throws Failure `unexpected` (retry) for what no breaker of this version wrote. */
export function breakerStateOf(data: JsonObject | undefined): BreakerState {
  if (data === undefined) return closed;
  const { status, openedAt, probeAt } = data;
  if (status === "closed") return closed;
  const isTripped = status === "open" || status === "half-open";
  if (isTripped && typeof openedAt === "number" && typeof probeAt === "number") {
    return { status, openedAt: openedAt as EpochMs, probeAt: probeAt as EpochMs };
  }
  const received = JSON.stringify(data);
  throw new Failure("unexpected", "retry", `No state of a circuit breaker: ${received}.`);
}
