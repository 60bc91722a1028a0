/**
 * The two phases of a schedule: while the faults last, and from when they stop until everything has
 * drained.
 */
import { type Rng, shuffled } from "#kernel/rng";
import type { FaultSwarm } from "#simulation/faults";
import type { Scheduler } from "#simulation/scheduler";
import type { Operators } from "./actors.ts";
import { DRAINS } from "./invariants/all.ts";
import type { Ending } from "./invariants/invariant.ts";
import type { HeadDamage } from "./head-damage.ts";
import type { Journal } from "./journal.ts";
import type { LookingBack } from "./looking-back.ts";
import type { Producers } from "./producers.ts";
import type { Releases } from "./releases.ts";
import type { Source } from "./source.ts";
import type { Witness } from "./witness.ts";

export type Place = {
  readonly scheduler: Scheduler;
  readonly stepsMax: number;
  readonly swarm: FaultSwarm;
  readonly lookBack: LookingBack;
  readonly witness: Witness;
  readonly source: Source;
  readonly producers: Producers;
  readonly operators: Operators;
  /** Somebody else writes what the consumer writes, too; undefined: nobody does. */
  readonly outsider: (() => void) | undefined;
  readonly journal: Journal;
  readonly damage: HeadDamage;
  readonly releases: Releases;
};

const FAULTS_MS_MIN = 20_000;
const FAULTS_MS_MORE = 60_000;
const MEDDLE_EVERY_MS = 2_000;
/** Without a fault any more, and before anybody decides about a halt. */
const DRAIN_MS_MAX = 300_000;
/** With operators who resolve every halt. */
const RESOLVE_MS_MAX = 900_000;
const RESOLVE_EVERY_MS = 15_000;

export async function runPhases(place: Place, rng: Rng): Promise<void> {
  const { scheduler, producers } = place;
  producers.begin();
  const faultsUntil = scheduler.now() + FAULTS_MS_MIN + rng.int(FAULTS_MS_MORE);
  meddleUntil(faultsUntil, place);
  await runUntil(() => false, faultsUntil, place);
  if (isBroken(place)) return;
  const { witness } = place;
  const then = await lookBackAt(1, place, rng);
  witness.judgeAll(({ onLookBack }) => onLookBack?.(then));
  if (isBroken(place)) return;
  await drain(place, rng);
}

function meddleUntil(end: number, place: Place): void {
  const { scheduler, swarm, operators, outsider, source, damage, witness } = place;
  const occasion = (fault: string, act: () => void): void => {
    if (!swarm.fires(fault)) return;
    swarm.happened(fault);
    act();
  };
  const meddle = (): void => {
    occasion("hasty-operator", operators.meddle);
    occasion("rewind", operators.rewind);
    if (outsider !== undefined) occasion("outside-write", outsider);
    occasion("redrive", source.redrive);
    if (swarm.fires("damaged-head")) damage.strike(written(witness));
    if (scheduler.now() < end) scheduler.after(MEDDLE_EVERY_MS, meddle);
  };
  scheduler.after(MEDDLE_EVERY_MS, meddle);
}

const written = (witness: Witness): readonly string[] =>
  witness.truths().flatMap(({ stream, head }) => (head === undefined ? [] : [stream]));

/** Everything costs too much to look back on in each schedule; together they see all of it. */
async function lookBackAt(count: number, place: Place, rng: Rng): Promise<Ending> {
  const truths = place.witness.truths();
  return place.lookBack(truths, shuffled(truths, rng).slice(0, count));
}

async function drain(place: Place, rng: Rng): Promise<void> {
  const { scheduler, swarm, witness, source, producers, operators, journal } = place;
  swarm.heal();
  place.damage.repairAll();
  place.releases.complete();
  journal.note("world", "heals", "");
  await producers.resendAll();
  source.redrive();
  const repeatedly = (act: () => void): void => {
    act();
    scheduler.after(RESOLVE_EVERY_MS, () => repeatedly(act));
  };
  repeatedly(source.redriveForgotten);
  const healthy = (): boolean => isDrained(witness) && source.isEmpty() && !producers.isBusy();
  await runUntil(healthy, scheduler.now() + DRAIN_MS_MAX, place);
  if (!isBroken(place) && !healthy()) witness.judge(DRAINS, undrained("healed", place));

  const resolveUntil = scheduler.now() + RESOLVE_MS_MAX;
  repeatedly(() => {
    if (operators.resolveAll()) journal.reach("resolved");
  });
  const isDone = (): boolean => !isHalted(witness) && healthy();
  await runUntil(isDone, resolveUntil, place);
  if (isBroken(place)) return;
  if (!isDone()) witness.judge(DRAINS, undrained("resolved", place));
  const ending = await lookBackAt(2, place, rng);
  witness.judgeAll(({ atEnd, onLookBack }) => atEnd?.(ending) ?? onLookBack?.(ending));
}

async function runUntil(isOver: () => boolean, until: number, place: Place): Promise<void> {
  const { scheduler, stepsMax, witness } = place;
  const end = await scheduler.run(() => isBroken(place) || isOver(), until);
  if (end === "steps-used-up") witness.judge(DRAINS, `still busy after ${stepsMax} steps`);
}

const isBroken = ({ witness }: Pick<Place, "witness">): boolean => witness.breach() !== undefined;

/** Every stream has applied what it can; a halted one waits for somebody. */
const isDrained = (witness: Witness): boolean =>
  witness.truths().every(({ head }) => {
    if (head === undefined || head.status === "halted") return true;
    return head.status === "running" && head.parked.length === 0;
  });

const isHalted = (witness: Witness): boolean =>
  witness.truths().some(({ head }) => head?.status === "halted");

function undrained(when: string, { witness, source }: Place): string {
  const streams = witness.truths().map(({ stream, head }) => {
    return `${stream} ${head?.status} at ${head?.last}, ${head?.parked.length} parked`;
  });
  const queue = source.isEmpty() ? "empty" : "not empty";
  return `not drained in time after it was ${when}: ${streams.join("; ")}; queue ${queue}`;
}
