/**
 * What everything in a schedule of this scenario stands on: its seed, its clock, its faults, its
 * network, and whoever finds the first thing that is wrong.
 */
import type { Clock } from "#kernel/clock";
import { type Rng, seededRng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import {
  HOST_FAULTS,
  type LambdaHost,
  lambdaHost,
  type LambdaHostOptions,
} from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import {
  type CallTarget,
  HANG_FAULTS,
  type KillMoment,
  type Remote,
  remote,
  REMOTE_FAULTS,
} from "#simulation/remote";
import type { Schedule } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import { type Journal, journal } from "../journal.ts";
import { EFFECT_FAULTS } from "./effects.ts";
import { FRONT_FAULTS } from "./fronts.ts";
import { HOLDER_FAULTS } from "./holders.ts";
import { type Judgement, judgement, SKEW_MS } from "./judgement.ts";
import type { IdempotencyPlant } from "./plant.ts";
import { RECORD_FAULTS } from "./records.ts";
import { REQUEST_FAULTS } from "./requests.ts";

export const IDEMPOTENCY_FAULTS = {
  ...REMOTE_FAULTS,
  ...HANG_FAULTS,
  ...HOST_FAULTS,
  ...REQUEST_FAULTS,
  ...EFFECT_FAULTS,
  ...RECORD_FAULTS,
  ...FRONT_FAULTS,
  ...HOLDER_FAULTS,
};

/** 2026-01-01T00:00:00Z */
export const START = 1_767_225_600_000 as EpochMs;
export const STEPS_MAX = 50_000;
/** Longer than any lease, so that some live on when theirs has ended. */
const TIMEOUT_MS = 12_000;

export type GroundOptions = {
  readonly schedule: Schedule;
  readonly plant?: IdempotencyPlant;
  /** In the place of the swarm's own kills. */
  readonly kills?: (target: CallTarget, moment: KillMoment) => boolean;
};

export type Ground = {
  readonly rng: Rng;
  readonly swarm: FaultSwarm;
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly plant: IdempotencyPlant;
  readonly newId: () => string;
} & Judgement;

export function groundOf({ schedule, plant = {}, kills }: GroundOptions): Ground {
  const rng = seededRng(schedule.seed);
  const time = scheduler(START, STEPS_MAX);
  const swarm = faultSwarm(rng.fork("faults"), schedule, IDEMPOTENCY_FAULTS);
  const book = journal(START, time.now);
  let ids = 0;
  return {
    rng,
    swarm,
    scheduler: time,
    journal: book,
    remote: remote({
      scheduler: time,
      swarm,
      rng: rng.fork("remote"),
      ...(kills === undefined ? {} : { kills }),
      onTrouble: ({ name }, { port, subject }, fault) =>
        book.note(name, `${fault} at ${port} of`, subject),
    }),
    plant,
    newId() {
      ids += 1;
      return `id-${ids}`;
    },
    ...judgement(time.steps),
  };
}

/** @param start given the sandbox's own clock, never further from the truth than it may be. */
export const hostOf = <Call, Answer>(
  { scheduler: time, swarm, rng }: Ground,
  start: (
    process: SimulatedProcess,
    clock: Clock,
  ) => ReturnType<LambdaHostOptions<Call, Answer>["start"]>,
): LambdaHost<Call, Answer> =>
  lambdaHost<Call, Answer>({
    scheduler: time,
    swarm,
    rng: rng.fork("host"),
    timeoutMs: TIMEOUT_MS,
    skewMsMax: SKEW_MS,
    start: (process) => start(process, nearlyRight(process.clock, time)),
  });

/** A clock that stood still with its machine is set right when that wakes up. */
const nearlyRight = (clock: Clock, { now }: Pick<Scheduler, "now">): Clock => ({
  ...clock,
  now: () => Math.min(Math.max(clock.now(), now() - SKEW_MS), now() + SKEW_MS) as EpochMs,
});
