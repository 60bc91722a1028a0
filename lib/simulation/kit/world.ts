/**
 * One schedule: queue, mapping, sandboxes and table on one clock and one seed; first with faults,
 * then healed, until everything has drained.
 */
import { memoryHeadIndex } from "#adapters/memory/head-store";
import { type Rng, seededRng } from "#kernel/rng";
import { type EpochMs, milliseconds } from "#kernel/units";
import {
  type BatchAnswer,
  type ConsumerSettings,
  type Message,
  type QueueRecord,
  sweep,
} from "#messaging";
import { type FaultRates, type FaultSwarm, faultSwarm } from "../faults.ts";
import { HOST_FAULTS, type LambdaHost, lambdaHost } from "../lambda-host.ts";
import { MAPPING_FAULTS } from "../mapping-faults.ts";
import { queueDeadLetters, queueSender } from "../queue-ports.ts";
import { remote, REMOTE_FAULTS } from "../remote.ts";
import type { Schedule } from "../scenario.ts";
import { type Scheduler, scheduler } from "../scheduler.ts";
import { simulatedTable } from "../table.ts";
import { itemsIn } from "./item-table.ts";
import { type Judge, judge } from "./judge.ts";
import { type Plumbing, plumbing } from "./plumbing.ts";
import { comparer, type Reference } from "./reference.ts";
import { sandbox } from "./sandbox.ts";
import type { Subject } from "./subject.ts";
import { TRAFFIC_FAULTS } from "./traffic.ts";

export const KIT_FAULTS = {
  ...REMOTE_FAULTS,
  ...HOST_FAULTS,
  ...MAPPING_FAULTS,
  ...TRAFFIC_FAULTS,
  redrive: [0.01, 0.12],
} as const satisfies FaultRates;

/** 2026-01-01T00:00:00Z */
export const START = 1_767_225_600_000 as EpochMs;

const STEPS_MAX = 100_000;
const CONSUMER = "simulated";
const SOURCE = "urn:inorder:simulation";
const TIMEOUT_MS = 2_000;
const VISIBILITY_MS = 12_000;
/** Claims of an external handler hold by the clock: it may be wrong by less than a lease. */
const LEASE_SKEW_MS_MAX = 2_000;
const SKEW_MS_MAX = 120_000;

export type WorldOptions<Outside> = {
  readonly subject: Subject<Outside>;
  readonly messages: readonly Message[];
  readonly reference: Reference;
  readonly settings: Partial<ConsumerSettings>;
  readonly isExternal: boolean;
  readonly schedule: Schedule;
};

export type World = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly judge: Judge;
  readonly pipes: Plumbing;
  readonly messages: readonly Message[];
  readonly reference: Reference;
  readonly newId: () => string;
  readonly sweep: () => Promise<unknown>;
  readonly end: () => { readonly items: readonly string[]; readonly outside: string };
  readonly notes: Note[];
};

type Note = readonly [at: number, what: string, about: unknown];

export function worldOf<Outside>(options: WorldOptions<Outside>): World {
  const { subject, messages, reference, schedule } = options;
  const rng = seededRng(schedule.seed);
  const time = scheduler(START, STEPS_MAX);
  const swarm = faultSwarm(rng.fork("faults"), schedule, KIT_FAULTS);
  const settings = { ...drawnSettings(rng.fork("settings")), ...options.settings };
  const { notes, note } = notebook(time);
  const same = comparer(subject);
  const headSort = `head#${CONSUMER}`;
  const judging = judge({ reference, headSort, same, steps: time.steps });
  const table = simulatedTable({ now: time.now, witness: judging.see });
  const outside = subject.outside?.() as Outside;
  const newId = counted();
  const far = remote({
    scheduler: time,
    swarm,
    rng: rng.fork("remote"),
    onTrouble: ({ name }, { port, subject: about }, fault) =>
      note(`${name}: ${fault} at ${port}`, about),
  });
  const pipes = plumbing({
    scheduler: time,
    swarm,
    rng: rng.fork("queue"),
    visibilityMs: VISIBILITY_MS,
    attemptsMax: settings.attemptsMax,
    host: () => host,
    note,
  });
  const start = sandbox({
    subject,
    outside,
    remote: far,
    table,
    consumer: CONSUMER,
    settings,
    deadLetters: queueDeadLetters({ queue: pipes.dead, now: time.now }),
    newId,
    observe: ({ name }, { kind, ...event }) => note(`${name}: ${kind}`, event),
  });
  const host: LambdaHost<readonly QueueRecord[], BatchAnswer> = lambdaHost({
    scheduler: time,
    swarm,
    rng: rng.fork("host"),
    timeoutMs: TIMEOUT_MS,
    skewMsMax: options.isExternal ? LEASE_SKEW_MS_MAX : SKEW_MS_MAX,
    start,
  });
  const index = memoryHeadIndex({ table }, CONSUMER);
  const sender = queueSender({ queue: pipes.queue, now: time.now });
  return {
    scheduler: time,
    swarm,
    rng,
    judge: judging,
    pipes,
    messages,
    reference,
    newId,
    notes,
    sweep: async () => {
      await sweep({ index, sender, clock: time.clock, newId, source: SOURCE });
      pipes.wake();
    },
    end: () => ({
      items: itemsIn(table).map((text) => same(JSON.parse(text))),
      outside: same(outside),
    }),
  };
}

function notebook(time: Scheduler) {
  const notes: Note[] = [];
  const note = (what: string, about: unknown): void => void notes.push([time.now(), what, about]);
  return { notes, note };
}

function counted(): () => string {
  let ids = 0;
  return () => `id-${(ids += 1)}`;
}

function drawnSettings(rng: Rng) {
  return {
    attemptsMax: 3 + rng.int(3),
    gapDeadlineMs: milliseconds(10_000 + rng.int(20_000)),
    retryDelayMs: milliseconds(3_000),
    parkedBytesMax: rng.int(3) === 0 ? 400 : 16_384,
    streamsCachedMax: [0, 1, 1_000][rng.int(3)] ?? 0,
    streamsAtOnceMax: rng.int(3) === 0 ? 1 : 10,
    deadlineMarginMs: 300,
  };
}
