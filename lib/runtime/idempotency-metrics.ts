/**
 * What idempotent effects tell, as EMF metrics of their service: a closed set of names under the
 * one dimension `service`, summed within an invocation.
 */
import { type MetricName, METRICS } from "#contracts/metrics";
import type {
  IdempotencyCount,
  IdempotencyDuration,
  IdempotencyMetrics,
} from "#messaging/idempotency/index";
import type { Telemetry } from "./telemetry.ts";

const COUNTS: Readonly<Record<IdempotencyCount, MetricName>> = {
  hits: METRICS.idempotencyHits,
  misses: METRICS.idempotencyMisses,
  conflicts: METRICS.idempotencyConflicts,
  stale: METRICS.idempotencyStale,
  inProgress: METRICS.idempotencyInProgress,
  expired: METRICS.idempotencyExpired,
  takenOver: METRICS.idempotencyTakenOver,
  released: METRICS.idempotencyReleased,
  lost: METRICS.idempotencyLost,
  omitted: METRICS.idempotencyOmitted,
  bytesStored: METRICS.idempotencyBytesStored,
  bytesReplayed: METRICS.idempotencyBytesReplayed,
  evicted: METRICS.idempotencyEvicted,
  hintsRight: METRICS.idempotencyHintsRight,
  hintsWrong: METRICS.idempotencyHintsWrong,
};

const DURATIONS: Readonly<Record<IdempotencyDuration, MetricName>> = {
  claimMs: METRICS.idempotencyClaimMs,
  effectMs: METRICS.idempotencyEffectMs,
  completeMs: METRICS.idempotencyCompleteMs,
};

export const idempotencyMetrics = (
  telemetry: Pick<Telemetry, "count" | "milliseconds">,
): IdempotencyMetrics => ({
  count: (name, by) => telemetry.count(COUNTS[name], by),
  milliseconds: (name, value) => telemetry.milliseconds(DURATIONS[name], value),
});
