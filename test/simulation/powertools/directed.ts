/**
 * Schedules written by hand, for one hole each: the same moments go wrong for Powertools and for
 * the library, over the same queue, event source and sandboxes, and nothing else does.
 */
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryTable } from "#adapters/memory/table";
import type { EpochMs } from "#kernel/units";
import type { BatchAnswer, QueueRecord } from "#messaging";
import { lambdaHost } from "#simulation/lambda-host";
import { scheduler } from "#simulation/scheduler";
import { publications } from "../publication.ts";
import { type Source, source } from "../source.ts";
import { callWatch } from "../call-watch.ts";
import { EFFECT_TYPE, outside } from "../subjects.ts";
import { type StartSandbox, system } from "../system.ts";
import { controlPublication } from "../messages.ts";
import type { AppliedEffect } from "../truth.ts";
import { first, type Freeze, scripted, scriptedRemote } from "./directed-faults.ts";
import { directedPublication, type DirectedMessage } from "./directed-traffic.ts";
import type { RecordEvent } from "./idempotency-table.ts";
import { EVENT_ID, type PowertoolsOptions, startPowertools } from "./subject.ts";
import { withVirtualDate } from "./virtual-date.ts";

export type Consumer = "powertools" | "ours";

export type Directed = {
  /** What goes wrong, in words. */
  readonly hole: string;
  /** By stream: what it has applied in the end if everything is right. */
  readonly right: Readonly<Record<string, readonly number[]>>;
  readonly maxReceiveCount: number;
  /** Where they are not those of the scenario. */
  readonly options?: Partial<PowertoolsOptions>;
  readonly freezes?: Freeze;
  /** So many deletes from the queue are lost, from the first on. */
  readonly lostDeletes?: number;
  readonly script: (stage: Stage) => void;
};

export type Stage = {
  /** After the beginning. */
  readonly at: (afterMs: number, act: () => void) => void;
  readonly send: (message: DirectedMessage) => void;
  /** Once more, as a producer does that got no answer. */
  readonly sendAgain: (message: DirectedMessage) => void;
  readonly redrive: () => void;
  /** What an operator tells a halted stream; it means nothing to Powertools. */
  readonly retry: (stream: string, sequence: number) => void;
};

export type Performance = {
  readonly applied: Readonly<Record<string, readonly number[]>>;
  /** By message id: when it was applied first, after the beginning. */
  readonly appliedAtMs: Readonly<Record<string, number>>;
  /** What became of idempotency records, in order. */
  readonly events: readonly RecordEvent[];
  /** Messages that were dead-lettered, however often. */
  readonly deadLettered: readonly string[];
  /** Messages that a handler was begun with and refused, one entry for each time. */
  readonly refusals: number;
};

/** 2026-01-01T00:00:00Z */
const START = 1_767_225_600_000 as EpochMs;
const STEPS_MAX = 20_000;
const TIMEOUT_MS = 2_000;
const VISIBILITY_MS = 12_000;

export function perform(directed: Directed, consumer: Consumer): Promise<Performance> {
  return withVirtualDate(() => performed(directed, consumer));
}

async function performed(directed: Directed, consumer: Consumer): Promise<Performance> {
  const scene = new Scene(directed, consumer);
  directed.script(scene.stage());
  return scene.run();
}

class Scene {
  readonly #directed: Directed;
  readonly #consumer: Consumer;
  readonly #time = scheduler(START, STEPS_MAX);
  readonly #table = memoryTable();
  readonly #publications = publications();
  readonly #queue: Source;
  readonly #events: RecordEvent[] = [];
  readonly #deadLettered: string[] = [];
  #refusals = 0;
  #ids = 0;

  constructor(directed: Directed, consumer: Consumer) {
    this.#directed = directed;
    this.#consumer = consumer;
    const swarm = scripted(directed.lostDeletes ?? 0);
    const drawn = { scheduler: this.#time, swarm, rng: first };
    const host = lambdaHost<readonly QueueRecord[], BatchAnswer>({
      ...drawn,
      timeoutMs: TIMEOUT_MS,
      skewMsMax: 0,
      start: this.#start(),
    });
    this.#queue = source({
      ...drawn,
      publications: this.#publications,
      batchSize: 10,
      concurrencyMax: 2,
      visibilityMs: VISIBILITY_MS,
      maxReceiveCount: directed.maxReceiveCount,
      invoke: (records, ended) =>
        host.invoke(records, (end) =>
          ended(end.kind === "answered" ? { ...end, answer: end.answer.notDurable } : end),
        ),
      onChange: (kind, { id }) => {
        if (kind === "dead") this.#deadLettered.push(id);
      },
    });
  }

  stage(): Stage {
    const send = (message: DirectedMessage, deduplicationId: string): void => {
      const publication = this.#publications.add(directedPublication(message, START));
      this.#queue.send(publication, deduplicationId);
    };
    return {
      at: (afterMs, act) => this.#time.at(START + afterMs, act),
      send: (message) => send(message, `${message.stream}#${message.sequence}`),
      sendAgain: (message) => send(message, this.#newId()),
      redrive: () => this.#queue.redrive(),
      retry: (stream, sequence) => {
        if (this.#consumer === "powertools") return;
        const by = { id: this.#newId(), author: "operator", reason: "repaired" };
        const decision = controlPublication({ kind: "retry", stream, sequence, ...by });
        this.#queue.send(this.#publications.add(decision), this.#newId());
      },
    };
  }

  async run(): Promise<Performance> {
    const end = await this.#time.run(() => false);
    if (end !== "idle") throw new Error(`The schedule did not come to its end: ${end}`);
    const applied: Record<string, readonly number[]> = {};
    const appliedAtMs: Record<string, number> = {};
    for (const stream of Object.keys(this.#directed.right)) {
      const commits = await memoryEventStore(this.#table).read(stream);
      const effects = commits.flatMap(({ events, recordedAt }) =>
        events
          .filter(({ type }) => type === EFFECT_TYPE)
          .map(({ data }) => ({ ...(data as unknown as AppliedEffect), recordedAt })),
      );
      applied[stream] = effects.map(({ sequence }) => sequence);
      for (const { id, recordedAt } of effects) appliedAtMs[id] ??= recordedAt - START;
    }
    const [events, deadLettered, refusals] = [this.#events, this.#deadLettered, this.#refusals];
    return { applied, appliedAtMs, events, deadLettered, refusals };
  }

  #start(): StartSandbox {
    const surroundings = {
      remote: scriptedRemote(this.#time, this.#directed.freezes),
      table: this.#table,
      now: () => this.#time.now(),
      payload: () => undefined,
      onFailure: () => {
        this.#refusals += 1;
      },
      asWriter: <Answer>(_: unknown, act: () => Promise<Answer>) => act(),
    };
    if (this.#consumer === "powertools") {
      return startPowertools(surroundings, {
        eventKeyJmesPath: EVENT_ID,
        skipGroupOnError: true,
        onEvent: (event) => this.#events.push(event),
        ...this.#directed.options,
      });
    }
    return system({
      ...surroundings,
      kind: "effects",
      plant: {},
      outside: outside(),
      ways: { settings: { attemptsMax: 2, deadlineMarginMs: 300 } },
      calls: callWatch(
        () => undefined,
        () => false,
      ),
      writesMax: 99,
      newId: () => this.#newId(),
      deadLetters: () => this.#queue.deadLetters,
      redeliver: () => Promise.resolve(),
      observe: () => undefined,
      onBase: () => undefined,
    });
  }

  #newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}
