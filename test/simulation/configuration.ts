/**
 * What of the system under test differs from schedule to schedule: the kind of its handler, its
 * settings, and those of its queue.
 */
import { milliseconds } from "#kernel/units";
import type { Rng } from "#kernel/rng";
import type { ConsumerSettings, GapRecovery, RecoveryPolicies, StartAt } from "#messaging";
import type { GroupOf } from "./publication.ts";
import { SUBJECT_KINDS, type SubjectKind } from "./subjects.ts";
import { BODY_BYTES_MAX } from "./traffic.ts";

export type Configuration = {
  readonly kind: SubjectKind;
  readonly settings: Partial<ConsumerSettings> & Pick<ConsumerSettings, "streamsAtOnceMax">;
  readonly recovery: RecoveryPolicies;
  readonly startAt: StartAt;
  readonly groupOf: GroupOf;
  /** Nothing is said that the producers' log, as the relay sends it, does not say. */
  readonly isLogFed: boolean;
  /** Of one transaction. */
  readonly writesMax: number;
  /** The release before, while there are two; undefined: there is one. */
  readonly older: Pick<Configuration, "settings" | "recovery" | "writesMax"> | undefined;
  readonly batchSize: number;
  readonly concurrencyMax: number;
  readonly maxReceiveCount: number;
};

export type Given = {
  /** Absent: drawn. */
  readonly kind?: SubjectKind | undefined;
  /** Each stream has a group of its own, by its name, and begins at its first message; no log. */
  readonly isPlain: boolean;
  readonly hasOlder: boolean;
};

const LOG_FED_ONE_IN = 3;

export function drawConfiguration(
  rng: Rng,
  { kind: given, isPlain, hasOlder }: Given,
): Configuration {
  const isLogFed = !isPlain && rng.fork("log").int(LOG_FED_ONE_IN) === 0;
  const drawnKind = SUBJECT_KINDS[rng.int(SUBJECT_KINDS.length)] ?? "fold";
  const attemptsMax = 2 + rng.int(3);
  const streamsAtOnceMax = rng.int(3) === 0 ? 1 : 10;
  const settings = drawnSettings(rng, attemptsMax, streamsAtOnceMax);
  return {
    kind: given ?? drawnKind,
    settings,
    older: hasOlder ? drawnOlder(rng.fork("older"), streamsAtOnceMax) : undefined,
    recovery: drawnRecovery(rng, isLogFed),
    startAt: isPlain ? "first" : drawnStart(rng.fork("start")),
    groupOf: isPlain ? ownGroup : drawnGroups(rng.fork("groups")),
    isLogFed,
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

/** What a deployment may change while messages flow. */
function drawnOlder(rng: Rng, streamsAtOnceMax: number): NonNullable<Configuration["older"]> {
  const attemptsMax = 2 + rng.int(3);
  return {
    settings: drawnSettings(rng, attemptsMax, streamsAtOnceMax),
    recovery: drawnRecovery(rng, false),
    writesMax: rng.int(2) === 0 ? 5 : 99,
  };
}

function drawnGapPolicy(rng: Rng, isLogFed: boolean): RecoveryPolicies["gap"] {
  const deadlineMs = milliseconds(5_000 + rng.int(10_000));
  const triesMax = 1 + rng.int(3);
  const recoveries: readonly GapRecovery[] = [
    { kind: "wait-and-retry", deadlineMs, triesMax },
    { kind: "request-redelivery", deadlineMs, triesMax },
    { kind: "skip-and-continue" },
    { kind: "failsafe" },
    { kind: "strict-halt" },
  ];
  const drawn = recoveries[rng.int(recoveries.length)] ?? { kind: "failsafe" };
  // Where there is a log to ask, it is asked more often.
  const asks = isLogFed && rng.fork("asks").int(2) === 0;
  const recovery = asks ? ({ kind: "request-redelivery", deadlineMs, triesMax } as const) : drawn;
  return { severity: "critical", recovery };
}

function drawnRecovery(rng: Rng, isLogFed: boolean): RecoveryPolicies {
  const gap = drawnGapPolicy(rng, isLogFed);
  const kinds = rng.fork("recovery");
  const severity = () => (kinds.int(2) === 0 ? ("warning" as const) : ("critical" as const));
  const refusal = () => ({ severity: severity(), recovery: drawnRefusal(kinds) });
  return {
    gap,
    "sequence-conflict": refusal(),
    "partition-mismatch": refusal(),
    unknown: refusal(),
    "timestamp-anomaly": refusal(),
    "out-of-order": { severity: severity() },
  };
}

/** Mostly the default, or most streams of a schedule would stand. */
const STRICT_ONE_IN = 4;

const drawnRefusal = (rng: Rng): RecoveryPolicies["unknown"]["recovery"] =>
  rng.int(STRICT_ONE_IN) === 0 ? { kind: "strict-halt" } : { kind: "skip-and-continue" };

function drawnStart(rng: Rng): StartAt {
  const drawn = rng.int(8);
  if (drawn === 0) return "latest";
  return drawn === 1 ? 2 + rng.int(3) : "first";
}

const ownGroup: GroupOf = (stream) => stream;

/** In some schedules another name, in some one group for several streams. */
function drawnGroups(rng: Rng): GroupOf {
  const drawn = rng.int(8);
  if (drawn === 0) return (stream) => `lane-${stream}`;
  return drawn === 1 ? (stream) => `lane-${Number(stream.slice(1)) % 2}` : ownGroup;
}
