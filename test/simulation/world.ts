/**
 * One schedule: everything that takes part in it, wired to one clock, one seed and one witness.
 */
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import type { BatchAnswer, QueueRecord } from "#messaging";
import { type LambdaHost, lambdaHost } from "#simulation/lambda-host";
import type { ScheduleResult } from "#simulation/scenario";
import { simulatedTable } from "#simulation/table";
import { type ActorPlace, beginSweeps, operators, outsider } from "./actors.ts";
import { type Ground, groundOf, START, STEPS_MAX, type WorldOptions } from "./ground.ts";
import { type Judges, judgesOf } from "./judges.ts";
import { lookingBack } from "./looking-back.ts";
import { runPhases } from "./phases.ts";
import { producers } from "./producers.ts";
import { releases } from "./releases.ts";
import { type Source, source } from "./source.ts";
import { startOf } from "./surroundings.ts";
import { drawTraffic } from "./traffic.ts";
import type { Witness } from "./witness.ts";

/** Claims of an external handler hold by the clock: it may be wrong by less than a lease. */
const LEASE_SKEW_MS_MAX = 2_000;
const SKEW_MS_MAX = 120_000;
const TIMEOUT_MS = 2_000;
const VISIBILITY_MS = 12_000;

export async function runWorld(options: WorldOptions): Promise<ScheduleResult> {
  const { schedule, isTraced = false } = options;
  const world = prepared(options);
  await runPhases(world, world.rng.fork("length"));
  const { swarm, witness: judge, journal: book, applied } = world;
  const breach = judge.breach();
  return {
    seed: schedule.seed,
    faults: swarm.faults,
    steps: world.scheduler.steps(),
    virtualMs: world.scheduler.now() - START,
    applied: applied(),
    decisions: swarm.decisions(),
    fired: swarm.fired(),
    branches: book.branches(),
    ...(breach === undefined ? {} : { breach }),
    trace: breach !== undefined || isTraced ? book.trace() : [],
  };
}

function prepared(options: WorldOptions) {
  const ground = groundOf(options);
  const { rng, swarm, scheduler: time, journal: book } = ground;
  const { kind } = ground.configuration;
  book.reach(`subject-${kind}`);
  if (ground.configuration.groupOf("s0") !== "s0") book.reach("routed-elsewhere");
  if (ground.configuration.isLogFed) book.reach("log-fed");
  const judging = judgesOf(ground, options);
  const traffic =
    options.traffic ??
    drawTraffic({ ...ground, ...ground.configuration, rng: rng.fork("traffic"), start: START });
  const actors = actorPlace(ground, judging, () => queue);
  const { isLogFed } = ground.configuration;
  const { judge } = judging.witness;
  const stored = simulatedTable({ now: time.now, witness: judging.witness.see });
  const table = judging.damage.seen(stored);
  const rollout = releases(swarm);
  const senders = producers(
    { ...actors, isLogFed, judge, heads: memoryHeadStore({ table }) },
    traffic,
    START,
  );
  judging.onRewound((stream) => senders.rewound(stream));
  const start = startOf(
    { ...ground, ...judging, traffic, table, senders, releases: rollout, queue: () => queue },
    options,
  );
  const host = lambdaHost<readonly QueueRecord[], BatchAnswer>({
    scheduler: time,
    swarm,
    rng: rng.fork("host"),
    timeoutMs: TIMEOUT_MS,
    skewMsMax:
      options.plant?.subject?.skewMsMax ?? (kind === "external" ? LEASE_SKEW_MS_MAX : SKEW_MS_MAX),
    start: (process) => judging.watch.watched(start, process),
  });
  const queue = queueOf(ground, judging.witness, host);
  beginSweeps(actors, () => {
    const isStale = swarm.fires("stale-index");
    if (isStale) swarm.happened("stale-index");
    return isStale;
  });
  return {
    ...ground,
    ...judging,
    stepsMax: STEPS_MAX,
    source: queue,
    producers: senders,
    releases: rollout,
    lookBack: lookingBack({ ...ground, table, kind, now: time.now, plant: options.plant }),
    operators: operators(actors),
    outsider: kind === "effects" ? outsider(actors, memoryEventStore(table)) : undefined,
  };
}

function actorPlace(
  { rng, scheduler, publications, newId, configuration, journal: book }: Ground,
  { witness }: Pick<Judges, "witness">,
  queue: () => Source,
): ActorPlace {
  return {
    scheduler,
    rng: rng.fork("actors"),
    publications,
    newId,
    truths: witness.truths,
    groupOf: configuration.groupOf,
    send(publication, deduplicationId) {
      const known = publications.add(publication);
      known.isAccepted = true;
      witness.truthOf(known.stream).forgotten.delete(known);
      queue().send(known, deduplicationId);
    },
    note(what, about) {
      book.reach(`decided-${what}`);
      book.note("operator", what, about);
    },
    reach: (branch) => book.reach(branch),
  };
}

function queueOf(
  { scheduler: time, swarm, rng, publications: sent, journal: book, configuration }: Ground,
  { deleted }: Pick<Witness, "deleted">,
  host: LambdaHost<readonly QueueRecord[], BatchAnswer>,
): Source {
  return source({
    ...configuration,
    scheduler: time,
    swarm,
    rng: rng.fork("source"),
    publications: sent,
    visibilityMs: VISIBILITY_MS,
    invoke: (records, ended) => {
      book.note("source", "invokes with", records.length);
      host.invoke(records, (end) => {
        book.reach(`invocation-${end.kind}`);
        const { kind } = end;
        ended(kind === "answered" ? { kind, answer: end.answer.notDurable } : end);
      });
    },
    onChange: (kind, publication) => {
      book.reach(`queue-${kind}`);
      book.note("queue", kind, publication);
      if (kind === "deleted" || kind === "expired") deleted(publication);
    },
  });
}
