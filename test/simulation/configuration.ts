/**
 * What of the system under test differs from schedule to schedule: the kind of its handler, its
 * settings, and those of its queue.
 */
import { milliseconds } from "#kernel/units";
import type { Rng } from "#kernel/rng";
import type { ConsumerSettings, GapRecovery, RecoveryPolicies } from "#messaging";
import { SUBJECT_KINDS, type SubjectKind } from "./subjects.ts";
import { BODY_BYTES_MAX } from "./traffic.ts";

export type Configuration = {
  readonly kind: SubjectKind;
  readonly settings: Partial<ConsumerSettings> & Pick<ConsumerSettings, "streamsAtOnceMax">;
  readonly recovery: Partial<RecoveryPolicies>;
  /** Of one transaction. */
  readonly writesMax: number;
  readonly batchSize: number;
  readonly concurrencyMax: number;
  readonly maxReceiveCount: number;
};

/** @param given absent: drawn. */
export function drawConfiguration(rng: Rng, given?: SubjectKind): Configuration {
  const drawnKind = SUBJECT_KINDS[rng.int(SUBJECT_KINDS.length)] ?? "fold";
  const attemptsMax = 2 + rng.int(3);
  const streamsAtOnceMax = rng.int(3) === 0 ? 1 : 10;
  return {
    kind: given ?? drawnKind,
    settings: drawnSettings(rng, attemptsMax, streamsAtOnceMax),
    recovery: { gap: drawnGapPolicy(rng) },
    writesMax: rng.int(3) === 0 ? 5 : 99,
    batchSize: 1 + rng.int(10),
    concurrencyMax: 2 + rng.int(3),
    // Fewer than is recommended in some schedules: then healthy messages are dead-lettered.
    maxReceiveCount: attemptsMax + (rng.int(3) === 0 ? 1 : attemptsMax + 5),
  };
}

function drawnSettings(
  rng: Rng,
  attemptsMax: number,
  streamsAtOnceMax: number,
): Configuration["settings"] {
  return {
    attemptsMax,
    gapDeadlineMs: milliseconds(10_000 + rng.int(20_000)),
    retryDelayMs: milliseconds(3_000),
    parkedBytesMax: rng.int(3) === 0 ? 400 : 16_384,
    streamsCachedMax: [0, 1, 1_000][rng.int(3)] ?? 0,
    streamsAtOnceMax,
    bodyBytesMax: BODY_BYTES_MAX,
    deadlineMarginMs: 300,
  };
}

function drawnGapPolicy(rng: Rng): RecoveryPolicies["gap"] {
  const deadlineMs = milliseconds(5_000 + rng.int(10_000));
  const triesMax = 1 + rng.int(3);
  const recoveries: readonly GapRecovery[] = [
    { kind: "wait-and-retry", deadlineMs, triesMax },
    { kind: "request-redelivery", deadlineMs, triesMax },
    { kind: "skip-and-continue" },
    { kind: "failsafe" },
    { kind: "strict-halt" },
  ];
  const recovery = recoveries[rng.int(recoveries.length)] ?? { kind: "failsafe" };
  return { severity: "critical", recovery };
}
