/**
 * One schedule: effects that are had once, or holders of locks; while faults last, and until
 * everything has ended.
 */
import type { ScheduleResult } from "#simulation/scenario";
import { effectsPart, type EffectsOptions, type Part } from "./effects-part.ts";
import { type Ground, type GroundOptions, groundOf, START, STEPS_MAX } from "./ground.ts";
import { INVARIANT } from "./judgement.ts";
import { locksPart, type LocksOptions } from "./locks-part.ts";

export type IdempotencyWorldOptions = GroundOptions & {
  readonly effects?: EffectsOptions;
  readonly locks?: LocksOptions;
  readonly isTraced?: boolean;
};

const FAULTS_MS_MIN = 20_000;
const FAULTS_MS_MORE = 50_000;
/** Everybody has a final answer so long after the last fault. */
const DRAIN_MS_MAX = 300_000;
/** Until whatever is still under way has landed: paused sandboxes, late writes. */
const LATE_MS_MAX = 70_000;
/** One in so many schedules is one of locks. */
const LOCKS_ONE_IN = 3;

export async function runIdempotency(options: IdempotencyWorldOptions): Promise<ScheduleResult> {
  const ground = groundOf(options);
  const part = partOf(ground, options);
  const { scheduler, swarm, journal } = ground;
  part.begin();
  const lasting = FAULTS_MS_MIN + ground.rng.fork("length").int(FAULTS_MS_MORE);
  await runUntil(ground, START + lasting, () => false);
  await finish(ground, part);
  const breach = ground.breach();
  return {
    seed: options.schedule.seed,
    faults: swarm.faults,
    steps: scheduler.steps(),
    virtualMs: scheduler.now() - START,
    applied: part.applied(),
    decisions: swarm.decisions(),
    fired: swarm.fired(),
    branches: journal.branches(),
    ...(breach === undefined ? {} : { breach }),
    trace: breach !== undefined || options.isTraced === true ? journal.trace() : [],
  };
}

function partOf(ground: Ground, { effects, locks }: IdempotencyWorldOptions): Part {
  const isDrawn = effects === undefined && locks === undefined;
  const isLocks = isDrawn ? ground.rng.fork("part").int(LOCKS_ONE_IN) === 0 : locks !== undefined;
  return isLocks ? locksPart(ground, locks ?? {}) : effectsPart(ground, effects ?? {});
}

async function finish(ground: Ground, part: Part): Promise<void> {
  const { scheduler, swarm, journal, judge } = ground;
  swarm.heal();
  journal.note("world", "heals", "");
  await runUntil(ground, scheduler.now() + DRAIN_MS_MAX, () => part.waiting() === 0);
  if (part.waiting() > 0) {
    const minutes = DRAIN_MS_MAX / 60_000;
    judge(INVARIANT.drains, `${part.waiting()} callers wait ${minutes} minutes after the faults`);
  }
  await runUntil(ground, scheduler.now() + LATE_MS_MAX, () => false);
}

async function runUntil(ground: Ground, until: number, isOver: () => boolean): Promise<void> {
  const { scheduler, judge, breach } = ground;
  const end = await scheduler.run(() => breach() !== undefined || isOver(), until);
  if (end === "steps-used-up") judge(INVARIANT.drains, `still busy after ${STEPS_MAX} steps`);
}
