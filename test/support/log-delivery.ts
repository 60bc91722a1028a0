/**
 * A queue, an operator and sandboxes that die, around one stream: delivers a log of messages twice,
 * too early, with a second sender's among them, until nothing is left to deliver or to decide.
 */
import { memoryAuditLog } from "#adapters/memory/head-store";
import { type Json, type JsonObject, parseJsonObject } from "#kernel/json";
import { later, milliseconds } from "#kernel/units";
import {
  decode,
  encode,
  type Envelope,
  type HeadStatus,
  type Message,
  type QueueRecord,
  verifyAudit,
} from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  passing,
  unhurried,
} from "./consumer-world.ts";
import type { Cut } from "./interrupted.ts";
import { mortal } from "./mortal-ports.ts";

/** What becomes of one message of the log; all but the first can never be applied as they are. */
export const ENDINGS = ["applied", "skipped", "replaced", "retried", "halts"] as const;
type Ending = (typeof ENDINGS)[number];

export type Course = {
  /** Of each sequence, from 1. */
  readonly endings: readonly Ending[];
  /** Attempts that fail before it can be applied, of each sequence. */
  readonly failures: readonly number[];
  /** Sequences that a second sender uses as well, once the first one's message is accepted. */
  readonly rivals: readonly number[];
  readonly copies: readonly number[];
  /** Where in the queue something goes, in turn. */
  readonly places: readonly number[];
  /** Sizes of the batches, in turn. */
  readonly sizes: readonly number[];
  /** Where the sandbox of each batch dies; once used up, no more die. */
  readonly deaths: readonly (Cut | undefined)[];
  readonly writesMax: number;
  readonly parkedBytesMax: number;
};

export type End = {
  readonly applied: readonly (readonly Json[])[];
  readonly last: number;
  readonly status: HeadStatus;
  readonly parked: readonly number[];
};

const decisionsFor: Readonly<Record<Ending, readonly ("retry" | "skip" | "replace")[]>> = {
  applied: [],
  skipped: ["skip"],
  replaced: ["replace"],
  // In vain at first: its cause is still there.
  retried: ["retry", "retry"],
  halts: [],
};

const OTHER: JsonObject = { step: "other" };

export type OnRecord = {
  /** In the order in which they were decided, each with what became of it. */
  readonly decisions: readonly string[];
  /** Sequences at which a violation was filed against a rival, once for each. */
  readonly rivals: readonly number[];
  /** Ids that were filed as conflicts. */
  readonly conflicts: ReadonlySet<string>;
  readonly buried: ReadonlySet<Json | undefined>;
  readonly proof: string;
};

/** A queue that delivers what was not acknowledged again, and an operator who watches the head. */
export class LogDelivery {
  readonly #course: Course;
  readonly #world: ReturnType<typeof consumerWorld>;
  readonly #deliver = deliveries();
  readonly #command = commands();
  readonly #queue: { readonly record: QueueRecord; readonly first?: number }[] = [];
  readonly #decided = new Map<number, number>();
  readonly #rivals = new Set<number>();
  readonly #deaths: (Cut | undefined)[];
  #turn = 0;

  constructor(course: Course) {
    this.#course = course;
    this.#deaths = [...course.deaths];
    this.#rivals = new Set(course.rivals);
    const failures = [...course.failures];
    this.#world = consumerWorld({
      settings: { attemptsMax: 100, parkedBytesMax: course.parkedBytesMax },
      bounds: { writesMax: course.writesMax },
      refuse: (message) => {
        const index = message.sequence - 1;
        if (this.#isPoison(message)) throw lasting;
        failures[index] = (failures[index] ?? 0) - 1;
        if ((failures[index] ?? 0) >= 0) throw passing;
      },
    });
    for (const at of [...course.endings.keys()].map((index) => index + 1)) this.#put(at);
    for (const at of course.copies) this.#put(at);
  }

  #isPoison({ sequence: at, data }: Message): boolean {
    const ending = this.#course.endings[at - 1] ?? "applied";
    if (ending === "retried") return (this.#decided.get(at) ?? 0) < 2;
    return ending !== "applied" && data["step"] !== OTHER["step"];
  }

  #next(choices: readonly number[]): number {
    this.#turn += 1;
    return choices[this.#turn % choices.length] ?? 0;
  }

  #insert(record: QueueRecord, first?: number): void {
    const place = this.#next(this.#course.places) % (this.#queue.length + 1);
    this.#queue.splice(place, 0, first === undefined ? { record } : { record, first });
  }

  #put(at: number): void {
    this.#insert(this.#deliver(envelope("a", at)), at);
  }

  /** Until nothing is left to deliver and nothing to decide. */
  async toRest(): Promise<void> {
    let sandbox = this.#world.sandbox();
    for (let batch = 0; batch < 300; batch += 1) {
      if (this.#queue.length === 0 && !(await this.#wakes())) return;
      const size = this.#next(this.#course.sizes);
      const taken = this.#queue.splice(0, size);
      const answer = await this.#consume(sandbox, taken);
      if (answer === undefined) {
        sandbox = this.#world.sandbox();
        this.#queue.unshift(...taken);
        continue;
      }
      const returned = new Set(answer);
      for (const one of taken) {
        if (returned.has(one.record.receiptId)) this.#queue.push(one);
        else this.#accepted(one.first);
      }
      await this.#operate();
    }
    throw new Error("the stream does not come to rest");
  }

  /** Undefined: its sandbox died. */
  async #consume(
    sandbox: ReturnType<ReturnType<typeof consumerWorld>["sandbox"]>,
    taken: readonly { readonly record: QueueRecord }[],
  ): Promise<readonly string[] | undefined> {
    const records = taken.map(({ record }) => record);
    const cut = this.#deaths.shift();
    if (cut === undefined) return (await sandbox.consume(records, unhurried)).notDurable;
    const { heads, deadLetters, handler } = this.#world;
    const { wrap, diedAt } = mortal(cut);
    const doomed = this.#world.sandbox({
      heads: wrap(heads),
      deadLetters: wrap(deadLetters),
      handler: { ...handler, ...wrap({ load: (stream: string) => handler.load(stream) }) },
    });
    const work = doomed.consume(records, unhurried);
    return (await diedAt(work)) ? undefined : (await work).notDurable;
  }

  #accepted(at: number | undefined): void {
    if (at === undefined || !this.#rivals.delete(at)) return;
    this.#insert(this.#deliver(rival(at)));
  }

  async #operate(): Promise<void> {
    const head = await this.#world.heads.read("a");
    const at = head?.parked[0]?.sequence ?? 0;
    // A sandbox may have died between the halt and the parking: nothing is there to decide about.
    if (head?.halt?.sequence !== at) return;
    const done = this.#decided.get(at) ?? 0;
    const kind = decisionsFor[this.#course.endings[at - 1] ?? "applied"][done];
    const id = `${at}-${done}`;
    // The one before has to be decided first.
    if (kind === undefined || (done > 0 && !head?.controls.includes(`${at}-${done - 1}`))) return;
    this.#decided.set(at, done + 1);
    const about = kind === "replace" ? { kind, data: OTHER } : { kind };
    for (const _ of [1, 2]) this.#insert(this.#command("a", { ...about, id, sequence: at }));
  }

  /** A tick for what waits parked though everything was delivered. */
  async #wakes(): Promise<boolean> {
    const head = await this.#world.heads.read("a");
    if (head?.dueAt === undefined) return false;
    this.#world.clock.at = later(this.#world.clock.at, milliseconds(60_000));
    this.#insert(this.#command("a", { kind: "tick", id: `tick-${this.#turn}` }));
    return true;
  }

  async end(): Promise<End> {
    const { last, status, parked } = await this.#world.head("a");
    const events = (await this.#world.store.read("a")).flatMap((commit) => commit.events);
    return {
      applied: events.map(({ data }) =>
        ["sequence", "id", "step"].map((name) => data[name] ?? null),
      ),
      last,
      status,
      parked: parked.map(({ sequence: at }) => at),
    };
  }

  /** What is on record about the stream, and whether the log proves its head. */
  async record(): Promise<OnRecord> {
    const head = await this.#world.head("a");
    const records = await memoryAuditLog(this.#world.store).records("a", 1_000);
    const said = records.map(({ record }) => record);
    const filed = said.flatMap((record) => (record.kind === "violation" ? [record.violation] : []));
    const ofRivals = filed.filter(({ messageId }) => messageId.endsWith(RIVAL));
    const conflicts = filed.filter(({ kind }) => kind === "sequence-conflict");
    const log = this.#course.endings.map((_, index) => messageOf(envelope("a", index + 1)));
    return {
      decisions: said.flatMap((record) =>
        record.kind === "decision" ? [`${record.decision.id}: ${record.refused ?? "taken"}`] : [],
      ),
      rivals: ofRivals.map(({ sequence }) => sequence),
      conflicts: new Set(conflicts.map(({ messageId }) => messageId)),
      buried: new Set(this.#world.deadLetters.buried.map(({ record }) => idOf(record))),
      proof: verifyAudit({ head, records, log }).kind,
    };
  }
}

const RIVAL = "rival";

const rival = (at: number): Envelope => envelope("a", at, { id: `a#${at}-${RIVAL}` });

function messageOf(sent: Envelope): Message {
  const decoded = decode(encode(sent));
  if (decoded.kind !== "message") throw new Error("no message");
  return decoded.message;
}

const idOf = ({ body }: QueueRecord): Json | undefined => parseJsonObject(body)?.["id"];
