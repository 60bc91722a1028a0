/**
 * What everything that takes part in a schedule stands on: its seed, its clock, its faults, and
 * what was drawn from the seed once and for all.
 */
import type { EpochMs } from "#kernel/units";
import { type Rng, seededRng } from "#kernel/rng";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import { HOST_FAULTS } from "#simulation/lambda-host";
import { MAPPING_FAULTS } from "#simulation/mapping-faults";
import { type CallTarget, HANG_FAULTS, type KillMoment, REMOTE_FAULTS } from "#simulation/remote";
import type { Schedule } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import { type Configuration, drawConfiguration } from "./configuration.ts";
import { type Journal, journal } from "./journal.ts";
import { type Publications, publications } from "./publication.ts";
import { type Outside, outside, type SubjectKind } from "./subjects.ts";
import type { Plant } from "./system.ts";
import { DAMAGE_FAULTS } from "./head-damage.ts";
import { RELEASE_FAULTS } from "./releases.ts";
import { type Traffic, TRAFFIC_FAULTS } from "./traffic.ts";

export const FAULTS = {
  ...REMOTE_FAULTS,
  ...HANG_FAULTS,
  ...HOST_FAULTS,
  ...MAPPING_FAULTS,
  ...TRAFFIC_FAULTS,
  ...RELEASE_FAULTS,
  ...DAMAGE_FAULTS,
  redrive: [0.01, 0.12],
  "hasty-operator": [0.02, 0.2],
  rewind: [0.01, 0.04],
  "hot-stream": [1, 1],
  "outside-write": [0.1, 1],
  "stale-index": [0.05, 0.5],
} as const;

export type WorldOptions = {
  readonly schedule: Schedule;
  /** Absent: drawn. */
  readonly kind?: SubjectKind;
  readonly plant?: Plant;
  /** Absent: drawn. */
  readonly traffic?: Traffic;
  /** In the place of the swarm's own kills. */
  readonly kills?: (target: CallTarget, moment: KillMoment) => boolean;
  readonly isTraced?: boolean;
};

/** 2026-01-01T00:00:00Z */
export const START = 1_767_225_600_000 as EpochMs;
export const STEPS_MAX = 50_000;

export type Ground = {
  readonly rng: Rng;
  readonly swarm: FaultSwarm;
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  readonly publications: Publications;
  readonly configuration: Configuration;
  readonly outside: Outside;
  readonly newId: () => string;
};

export function groundOf({ schedule, kind, plant, traffic }: WorldOptions): Ground {
  const rng = seededRng(schedule.seed);
  const time = scheduler(START, STEPS_MAX);
  const swarm = faultSwarm(rng.fork("faults"), schedule, FAULTS);
  const drawn = drawConfiguration(rng.fork("configuration"), {
    kind: kind ?? plant?.kind,
    isPlain: traffic !== undefined || plant?.subject !== undefined,
    hasOlder: swarm.has("older-release") && plant?.subject === undefined,
  });
  const asPlanted = <Some extends Pick<Configuration, "settings" | "recovery">>(
    some: Some,
  ): Some => ({
    ...some,
    settings: { ...some.settings, ...plant?.settings },
    recovery: { ...some.recovery, ...plant?.recovery },
  });
  let ids = 0;
  return {
    rng,
    swarm,
    scheduler: time,
    journal: journal(START, () => time.now()),
    publications: publications(),
    configuration: {
      ...asPlanted(drawn),
      startAt: plant?.startAt ?? drawn.startAt,
      older: drawn.older === undefined ? undefined : asPlanted(drawn.older),
    },
    outside: outside(),
    newId() {
      ids += 1;
      return `id-${ids}`;
    },
  };
}
