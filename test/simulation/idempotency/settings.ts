/**
 * What differs from schedule to schedule: how long things last, what happens to a twin, what stands
 * in front of the store, and whether what an effect writes to compares its attempt.
 */
import type { Rng } from "#kernel/rng";
import { type DurationMs, milliseconds } from "#kernel/units";
import type { WhenInFlight } from "#messaging/idempotency/index";
import { CLOCKS_APART_MS } from "./judgement.ts";

export type FrontKind = "none" | "recent" | "bloom";

export type EffectSettings = {
  readonly effectMsMax: DurationMs;
  readonly leaseMs: DurationMs;
  readonly keepMs: DurationMs;
  readonly whenInFlight: WhenInFlight;
  /** What an effect writes to takes no write of an attempt that is older than one it has seen. */
  readonly isFenced: boolean;
  readonly front: FrontKind;
  /** Keys that a front remembers; with few of them it is always full. */
  readonly frontKeys: number;
  /** One front for all sandboxes. */
  readonly isFrontShared: boolean;
};

const EFFECT_MS_MAX = 3_000;
const CLAIMING_MS = 1_000;
const LEASE_MS_MORE = 2_000;
/** Within a schedule, so that keys are forgotten in it, also sooner than a request may be late. */
const KEEP_MS_SHORT = 10_000;
const KEEP_MS_MORE = 30_000;
const KEEP_MS_LONG = 3_600_000;
const FRONTS: readonly FrontKind[] = ["none", "recent", "bloom"];

export function drawSettings(rng: Rng): EffectSettings {
  const isFenced = rng.int(2) === 0;
  const leaseMs = EFFECT_MS_MAX + CLOCKS_APART_MS + CLAIMING_MS + rng.int(LEASE_MS_MORE);
  // A fence lasts as long as what it compares: attempts begin anew when a key is forgotten.
  const isForgotten = !isFenced && rng.int(2) === 0;
  const keepMs = isForgotten ? KEEP_MS_SHORT + rng.int(KEEP_MS_MORE) : KEEP_MS_LONG;
  return {
    effectMsMax: milliseconds(EFFECT_MS_MAX),
    leaseMs: milliseconds(leaseMs),
    keepMs: milliseconds(keepMs),
    whenInFlight:
      rng.int(2) === 0
        ? { kind: "refuse" }
        : { kind: "wait", pollMs: milliseconds(500), waitMsMax: milliseconds(4_000) },
    isFenced,
    front: FRONTS[rng.int(FRONTS.length)] ?? "none",
    frontKeys: [1, 2, 50][rng.int(3)] ?? 1,
    isFrontShared: rng.int(3) === 0,
  };
}

export const isForgetful = ({ keepMs }: EffectSettings): boolean => keepMs < KEEP_MS_LONG;
