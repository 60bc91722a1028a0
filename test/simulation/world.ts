/**
 * One schedule: everything that takes part in it, wired to one clock, one seed and one witness. It
 * runs in two phases: while the faults last, and until everything has drained.
 */
import type { EpochMs } from "#kernel/units";
import { memoryEventStore } from "#adapters/memory/event-store";
import { milliseconds } from "#kernel/units";
import { type Rng, seededRng } from "#kernel/rng";
import type {
  BatchAnswer,
  ConsumerEvent,
  ConsumerSettings,
  GapRecovery,
  QueueRecord,
  RecoveryPolicies,
} from "#messaging";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import { HOST_FAULTS, type Invocation, lambdaHost } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import { type CallTarget, type KillMoment, remote, REMOTE_FAULTS } from "#simulation/remote";
import type { Schedule, ScheduleResult } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import { simulatedTable } from "#simulation/table";
import {
  type ActorPlace,
  beginSweeps,
  type Operators,
  operators,
  outsider,
  producers,
} from "./actors.ts";
import { DRAINS, invariants } from "./invariants/all.ts";
import { placeOf } from "./invariants/conservation.ts";
import type { AnsweredRecord } from "./invariants/invariant.ts";
import { type Publication, type Publications, publications } from "./publication.ts";
import { type Source, SOURCE_FAULTS, source } from "./source.ts";
import { outside, SUBJECT_KINDS, type SubjectKind } from "./subjects.ts";
import { type Plant, type StartSandbox, system } from "./system.ts";
import { BODY_BYTES_MAX, drawTraffic, type Payload, TRAFFIC_FAULTS } from "./traffic.ts";
import { type Witness, witness } from "./witness.ts";

export const WORLD_FAULTS = {
  redrive: [0.01, 0.12],
  "hasty-operator": [0.02, 0.2],
  "hot-stream": [1, 1],
  "outside-write": [0.1, 1],
  "stale-index": [0.05, 0.5],
} as const;

export const FAULTS = {
  ...REMOTE_FAULTS,
  ...HOST_FAULTS,
  ...SOURCE_FAULTS,
  ...TRAFFIC_FAULTS,
  ...WORLD_FAULTS,
};

export type WorldOptions = {
  readonly schedule: Schedule;
  /** Absent: drawn. */
  readonly kind?: SubjectKind;
  readonly plant?: Plant;
  /** In the place of the swarm's own kills. */
  readonly kills?: (target: CallTarget, moment: KillMoment) => boolean;
  readonly isTraced?: boolean;
};

/** 2026-01-01T00:00:00Z */
const START = 1_767_225_600_000 as EpochMs;
const STEPS_MAX = 50_000;
const FAULTS_MS_MIN = 20_000;
const FAULTS_MS_MORE = 60_000;
const MEDDLE_EVERY_MS = 2_000;
/** Without a fault any more, and before anybody decides about a halt. */
const DRAIN_MS_MAX = 300_000;
/** With operators who resolve every halt. */
const RESOLVE_MS_MAX = 900_000;
const RESOLVE_EVERY_MS = 15_000;

/** Claims of an external handler hold by the clock: it may be wrong by less than a lease. */
const LEASE_SKEW_MS_MAX = 2_000;
const SKEW_MS_MAX = 120_000;
const TIMEOUT_MS = 2_000;
const VISIBILITY_MS = 12_000;

export function runWorld(options: WorldOptions): Promise<ScheduleResult> {
  return new World(options).run();
}

type ActiveBatch = {
  readonly process: SimulatedProcess;
  readonly batch: readonly QueueRecord[];
  /** Streams and bodies that something happened to; `*` is everything. */
  readonly troubled: Set<string>;
  readonly excused: Set<string>;
};

class World {
  readonly #options: WorldOptions;
  readonly #rng: Rng;
  readonly #swarm: FaultSwarm;
  readonly #scheduler: Scheduler;
  readonly #publications: Publications = publications();
  readonly #witness: Witness;
  readonly #source: Source;
  readonly #operators: Operators;
  readonly #producers: ReturnType<typeof producers>;
  readonly #kind: SubjectKind;
  readonly #outsider: () => void;
  readonly #active = new Map<SimulatedProcess, ActiveBatch>();
  readonly #bases = new Map<string, number>();
  readonly #branches: Record<string, number> = {};
  readonly #notes: (readonly [at: number, who: string, what: string, about: string])[] = [];
  readonly #attemptsMax: number;
  readonly #streamsAtOnce: number;
  #writer = "";
  #ids = 0;
  #applied = 0;

  constructor(options: WorldOptions) {
    const { schedule, plant = {} } = options;
    this.#options = options;
    this.#rng = seededRng(schedule.seed);
    const rng = this.#rng;
    this.#swarm = faultSwarm(rng.fork("faults"), schedule, FAULTS);
    this.#scheduler = scheduler(START, STEPS_MAX);
    const configuring = rng.fork("configuration");
    const drawnKind = SUBJECT_KINDS[configuring.int(SUBJECT_KINDS.length)] ?? "fold";
    this.#kind = options.kind ?? plant.kind ?? drawnKind;
    this.#reach(`subject-${this.#kind}`);
    this.#attemptsMax = 2 + configuring.int(3);
    this.#streamsAtOnce = configuring.int(3) === 0 ? 1 : 10;
    const away = outside();
    this.#witness = witness({
      kind: this.#kind,
      invariants,
      publications: this.#publications,
      outside: away,
      now: () => this.#scheduler.now(),
      steps: () => this.#scheduler.steps(),
      baseOf: (attemptId) => this.#bases.get(attemptId),
      writer: () => this.#writer,
      onWrite: ({ truth, after, effects, parkedBeside }, writer) => {
        this.#applied += effects.length;
        if (parkedBeside.length > 0) this.#reach("parked-beside");
        if ((after?.parked.length ?? 0) > 0) this.#reach("parked");
        this.#note(writer, `wrote ${truth.stream}`, after);
        for (const [process, { troubled }] of this.#active) {
          if (process.name !== writer) troubled.add(truth.stream);
        }
      },
    });

    const traffic = drawTraffic(rng.fork("traffic"), this.#swarm, START);
    const actors: ActorPlace = {
      scheduler: this.#scheduler,
      rng: rng.fork("actors"),
      publications: this.#publications,
      newId: () => this.#newId(),
      truths: () => this.#witness.truths(),
      send: (publication, deduplicationId) => this.#send(publication, deduplicationId),
      note: (what, about) => {
        this.#reach(`decided-${what}`);
        this.#note("operator", what, about);
      },
    };
    this.#producers = producers(actors, traffic, START);
    this.#operators = operators(actors);
    const table = simulatedTable({
      now: () => this.#scheduler.now(),
      witness: (writes) => this.#witness.see(writes),
    });
    this.#outsider = outsider(actors, memoryEventStore(table));

    const start = system({
      kind: this.#kind,
      plant,
      remote: remote({
        scheduler: this.#scheduler,
        swarm: this.#swarm,
        rng: rng.fork("remote"),
        ...(options.kills === undefined ? {} : { kills: options.kills }),
        onTrouble: (process, target, fault) => this.#trouble(process, target, fault),
      }),
      table,
      outside: away,
      settings: drawnSettings(configuring, this.#attemptsMax, this.#streamsAtOnce),
      recovery: { gap: drawnGapPolicy(configuring) },
      writesMax: configuring.int(3) === 0 ? 5 : 99,
      now: () => this.#scheduler.now(),
      newId: () => this.#newId(),
      deadLetters: () => this.#source.deadLetters,
      redeliver: (stream, missing) => {
        this.#reach("redelivered");
        return this.#producers.redeliver(stream, missing);
      },
      payload: (ref) => this.#payload(traffic.payloads.get(ref)),
      observe: (process, event) => this.#observe(process, event),
      onFailure: (process, stream) => {
        this.#reach("handler-failed");
        this.#active.get(process)?.excused.add(stream);
      },
      asWriter: (process, act) => {
        this.#writer = process.name;
        if (!this.#active.has(process)) this.#reach("zombie-commit");
        return act();
      },
      onBase: (attemptId, version) => this.#bases.set(attemptId, version),
    });
    const host = lambdaHost<readonly QueueRecord[], BatchAnswer>({
      scheduler: this.#scheduler,
      swarm: this.#swarm,
      rng: rng.fork("host"),
      timeoutMs: TIMEOUT_MS,
      skewMsMax: this.#kind === "external" ? LEASE_SKEW_MS_MAX : SKEW_MS_MAX,
      start: (process) => this.#judged(start, process),
    });
    this.#source = source({
      scheduler: this.#scheduler,
      swarm: this.#swarm,
      rng: rng.fork("source"),
      publications: this.#publications,
      batchSize: 1 + configuring.int(10),
      concurrencyMax: 2 + configuring.int(3),
      visibilityMs: VISIBILITY_MS,
      // Fewer than is recommended in some schedules: then healthy messages are dead-lettered.
      maxReceiveCount: this.#attemptsMax + (configuring.int(3) === 0 ? 1 : this.#attemptsMax + 5),
      invoke: (records, ended) => {
        this.#note("source", "invokes with", records.length);
        host.invoke(records, (end) => {
          this.#reach(`invocation-${end.kind}`);
          const { kind } = end;
          ended(kind === "answered" ? { kind, answer: end.answer.notDurable } : end);
        });
      },
      onChange: (kind, publication) => {
        this.#reach(`queue-${kind}`);
        this.#note("queue", kind, publication);
        if (kind === "deleted" || kind === "expired") this.#witness.deleted(publication);
      },
    });
    beginSweeps(actors, () => {
      const isStale = this.#swarm.fires("stale-index");
      if (isStale) this.#swarm.happened("stale-index");
      return isStale;
    });
  }

  async run(): Promise<ScheduleResult> {
    this.#producers.begin();
    const faultsUntil = START + FAULTS_MS_MIN + this.#rng.fork("length").int(FAULTS_MS_MORE);
    this.#meddleUntil(faultsUntil);
    await this.#runUntil(() => false, faultsUntil);
    await this.#drain();
    const breach = this.#witness.breach();
    const isTraced = breach !== undefined || this.#options.isTraced === true;
    return {
      seed: this.#options.schedule.seed,
      faults: this.#swarm.faults,
      steps: this.#scheduler.steps(),
      virtualMs: this.#scheduler.now() - START,
      applied: this.#applied,
      decisions: this.#swarm.decisions(),
      fired: this.#swarm.fired(),
      branches: { ...this.#branches },
      ...(breach === undefined ? {} : { breach }),
      trace: isTraced ? this.#trace() : [],
    };
  }

  async #drain(): Promise<void> {
    if (this.#isBroken()) return;
    this.#swarm.heal();
    this.#note("world", "heals", "");
    this.#producers.resendAll();
    this.#source.redrive();
    const redriveForgotten = (): void => {
      this.#source.redriveForgotten();
      this.#scheduler.after(RESOLVE_EVERY_MS, redriveForgotten);
    };
    redriveForgotten();
    const healthy = (): boolean => this.#source.isEmpty() && this.#isDrained();
    await this.#runUntil(healthy, this.#scheduler.now() + DRAIN_MS_MAX);
    if (!this.#isBroken() && !healthy()) this.#witness.judge(DRAINS, this.#undrained("healed"));

    const resolveUntil = this.#scheduler.now() + RESOLVE_MS_MAX;
    const resolve = (): void => {
      if (this.#operators.resolveAll()) this.#reach("resolved");
      this.#scheduler.after(RESOLVE_EVERY_MS, resolve);
    };
    resolve();
    const isDone = (): boolean => healthy() && this.#haltedStreams() === 0;
    await this.#runUntil(isDone, resolveUntil);
    if (this.#isBroken()) return;
    if (!isDone()) this.#witness.judge(DRAINS, this.#undrained("resolved"));
    const truths = this.#witness.truths();
    const ending = { truths, publications: this.#publications };
    this.#witness.judgeAll(({ atEnd }) => atEnd?.(ending));
  }

  async #runUntil(isOver: () => boolean, until: number): Promise<void> {
    const end = await this.#scheduler.run(() => this.#isBroken() || isOver(), until);
    if (end === "steps-used-up") this.#witness.judge(DRAINS, `still busy after ${STEPS_MAX} steps`);
  }

  readonly #isBroken = (): boolean => this.#witness.breach() !== undefined;

  /** Every stream has applied what it can; a halted one waits for somebody. */
  #isDrained(): boolean {
    return this.#witness.truths().every(({ head }) => {
      if (head === undefined || head.status === "halted") return true;
      return head.status === "running" && head.parked.length === 0;
    });
  }

  #haltedStreams(): number {
    return this.#witness.truths().filter(({ head }) => head?.status === "halted").length;
  }

  #undrained(when: string): string {
    const streams = this.#witness.truths().map(({ stream, head }) => {
      return `${stream} ${head?.status} at ${head?.last}, ${head?.parked.length} parked`;
    });
    const queue = this.#source.isEmpty() ? "empty" : "not empty";
    return `not drained in time after it was ${when}: ${streams.join("; ")}; queue ${queue}`;
  }

  #meddleUntil(end: number): void {
    const meddle = (): void => {
      if (this.#swarm.fires("hasty-operator")) {
        this.#swarm.happened("hasty-operator");
        this.#operators.meddle();
      }
      if (this.#kind === "effects" && this.#swarm.fires("outside-write")) {
        this.#swarm.happened("outside-write");
        this.#outsider();
      }
      if (this.#swarm.fires("redrive")) {
        this.#swarm.happened("redrive");
        this.#source.redrive();
      }
      if (this.#scheduler.now() < end) this.#scheduler.after(MEDDLE_EVERY_MS, meddle);
    };
    this.#scheduler.after(MEDDLE_EVERY_MS, meddle);
  }

  #judged(
    start: StartSandbox,
    process: SimulatedProcess,
  ): (invocation: Invocation<readonly QueueRecord[]>) => Promise<BatchAnswer> {
    const consume = start(process);
    process.onDeath(() => this.#active.delete(process));
    return async (invocation) => {
      const { batch: received } = invocation;
      const active = {
        process,
        batch: received,
        troubled: new Set<string>(),
        excused: new Set<string>(),
      };
      this.#active.set(process, active);
      const before = this.#recordsOf(received);
      const answer = await consume(invocation);
      this.#active.delete(process);
      const returned = new Set(answer.notDurable);
      const records = before.map(({ receiptId, ...record }) => ({
        ...record,
        isReturned: returned.has(receiptId),
      }));
      const batch = {
        records,
        report: answer.report,
        isTroubled: ({ stream, body }: Publication) =>
          active.troubled.has("*") ||
          active.troubled.has(stream) ||
          active.troubled.has(body) ||
          // One after the other: what holds up one stream holds up those behind it.
          (this.#streamsAtOnce === 1 && active.troubled.size > 0),
        isExcused: ({ stream }: Publication) => active.excused.has(stream),
        truthOf: this.#witness.truthOf,
        publications: this.#publications,
      };
      this.#witness.judgeAll(({ onAnswer }) => onAnswer?.(batch));
      return answer;
    };
  }

  #recordsOf(
    batch: readonly QueueRecord[],
  ): readonly (Omit<AnsweredRecord, "isReturned"> & { readonly receiptId: string })[] {
    const seen = new Set<Publication>();
    return batch.flatMap(({ receiptId, group, body }) => {
      const publication = this.#publications.find(group, body);
      if (publication === undefined) return [];
      const isRepeated = seen.has(publication);
      seen.add(publication);
      const truth = this.#witness.truthOf(publication.stream);
      return [
        { receiptId, publication, isRepeated, wasKnown: placeOf(publication, truth) !== undefined },
      ];
    });
  }

  #send(publication: Publication, deduplicationId: string): void {
    const known = this.#publications.add(publication);
    known.isAccepted = true;
    this.#source.send(known, deduplicationId);
  }

  #trouble(process: SimulatedProcess, { port, subject }: CallTarget, fault: string): void {
    this.#note(process.name, `${fault} at ${port}`, subject);
    const { troubled, batch = [] } = this.#active.get(process) ?? {};
    if (fault === "pause") troubled?.add("*");
    troubled?.add(subject);
    // Dead letters are buried one after the other within their stream.
    for (const { group, body } of batch) {
      const publication = body === subject ? this.#publications.find(group, body) : undefined;
      if (publication !== undefined) troubled?.add(publication.stream);
    }
  }

  #observe(process: SimulatedProcess, event: ConsumerEvent): void {
    this.#reach(branchOf(event));
    const active = this.#active.get(process);
    if (event.kind !== "returned") return;
    this.#reach(`returned-${event.why}`);
    this.#note(process.name, `returns for ${event.why}`, event.stream ?? "");
    const isOwn = event.why === "claimed-by-another" || event.why === "attempt-failed";
    if (isOwn && event.stream !== undefined) active?.excused.add(event.stream);
  }

  #payload(payload: Payload | undefined): string | undefined {
    const age = this.#scheduler.now() - START;
    return payload !== undefined && payload.fromMs <= age ? payload.text : undefined;
  }

  #reach(branch: string): void {
    this.#branches[branch] = (this.#branches[branch] ?? 0) + 1;
  }

  #newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  #note(who: string, what: string, about: unknown): void {
    this.#notes.push([this.#scheduler.now(), who, what, about as string]);
  }

  #trace(): readonly string[] {
    return this.#notes.map(([at, who, what, about]) => {
      return `${String(at - START).padStart(7)} ${who} ${what} ${describe(about)}`;
    });
  }
}

function branchOf(event: ConsumerEvent): string {
  switch (event.kind) {
    case "race-lost":
      return event.by === "head" ? "fenced" : "effect-refused";
    case "decided":
      return event.refused === undefined ? "decided" : "decision-refused";
    default:
      return event.kind;
  }
}

/** Objects are kept while a schedule runs and written out only when somebody reads them. */
function describe(about: unknown): string {
  if (typeof about !== "object" || about === null) return String(about);
  if ("body" in about) {
    const { kind, group, id, sequence, type } = about as Publication;
    return kind === "control" ? `${type} ${group} ${id}` : `${kind} ${group} ${sequence} ${id}`;
  }
  return JSON.stringify(about);
}

function drawnSettings(
  rng: Rng,
  attemptsMax: number,
  streamsAtOnceMax: number,
): Partial<ConsumerSettings> {
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
