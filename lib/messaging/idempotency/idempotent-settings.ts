/**
 * What can be set about an idempotent effect. Checked when it is built, all mistakes at once, so
 * that a lease that is too short is found at deployment and not by a second charge.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import type { DurationMs } from "#kernel/units";
import { KEEP_MS_MAX, LEASE_MS_MAX } from "./bounds.ts";

/** What happens to a request whose twin has the key. */
export type WhenInFlight =
  /** `Failure` `outcome-pending` (retry). */
  | { readonly kind: "refuse" }
  /** Looks every `pollMs` for the first one's result; refused as above after `waitMsMax`. */
  | { readonly kind: "wait"; readonly pollMs: DurationMs; readonly waitMsMax: DurationMs };

export type IdempotentSettings = {
  /**
   * What the effect is: effects that share a store share no key as long as their names differ. 1-64
   * of a-z, 0-9, "-" and ".".
   */
  readonly name: string;
  /**
   * The effect's own deadline: after it nothing of the effect is under way any more. In a Lambda
   * the function's timeout is one; a client's request timeout, repetitions included, is a better
   * one.
   */
  readonly effectMsMax: DurationMs;
  /** At least `effectMsMax` + `clockSkewMs` + 1 s for claiming. */
  readonly leaseMs: DurationMs;
  /** How long a key is remembered. Longer than anybody may still repeat the request. */
  readonly keepMs: DurationMs;
  /** The most that two machines' clocks differ. Default 1 s. */
  readonly clockSkewMs?: DurationMs;
  readonly whenInFlight: WhenInFlight;
};

export const CLOCK_SKEW_MS = 1_000;
const CLAIMING_MS = 1_000;
const WAIT_MS_MAX = 900_000;
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** @throws Failure `misconfigured` with a detail for every setting that is wrong. */
export function checkSettings(settings: IdempotentSettings): void {
  const { name, effectMsMax, leaseMs, keepMs, clockSkewMs = CLOCK_SKEW_MS } = settings;
  const wrong = [
    NAME.test(name)
      ? undefined
      : fault("name", `must be 1-64 of a-z, 0-9, - and .; received ${JSON.stringify(name)}`),
    inRange("effectMsMax", effectMsMax, 1, LEASE_MS_MAX),
    inRange("clockSkewMs", clockSkewMs, 0, LEASE_MS_MAX),
    inRange("leaseMs", leaseMs, effectMsMax + clockSkewMs + CLAIMING_MS, LEASE_MS_MAX, WHY_LEASE),
    inRange("keepMs", keepMs, leaseMs, KEEP_MS_MAX),
    ...waitingFaults(settings.whenInFlight),
  ];
  const details = wrong.filter((one) => one !== undefined);
  if (details.length === 0) return;
  const list = details.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join("; ");
  throw new Failure("misconfigured", "reject", `Idempotent effect: ${list}.`, { details });
}

const WHY_LEASE =
  " (effectMsMax + clockSkewMs + 1 s: a lease that ends before its effect lets a second one begin)";

function waitingFaults(whenInFlight: WhenInFlight): readonly (FailureDetail | undefined)[] {
  switch (whenInFlight.kind) {
    case "refuse":
      return [];
    case "wait":
      return [
        inRange("whenInFlight/pollMs", whenInFlight.pollMs, 1, WAIT_MS_MAX),
        inRange("whenInFlight/waitMsMax", whenInFlight.waitMsMax, 1, WAIT_MS_MAX),
      ];
    default:
      return whenInFlight satisfies never;
  }
}

function inRange(
  name: string,
  value: number,
  smallest: number,
  largest: number,
  why = "",
): FailureDetail | undefined {
  if (Number.isSafeInteger(value) && value >= smallest && value <= largest) return undefined;
  const range = `must be an integer from ${smallest}${why} to ${largest}`;
  return fault(name, `${range}; received ${value}`);
}

const fault = (name: string, detail: string): FailureDetail => ({ pointer: `/${name}`, detail });
