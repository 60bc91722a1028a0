/**
 * Carries one stream of a batch through: recall or read its head, plan, commit, and plan again when
 * another writer was first. What is not known to be durable at the end goes back to the queue.
 */
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import { Failure } from "#kernel/failure";
import { fetchBodies } from "./body-fetch.ts";
import type { ClaimCheckStore } from "./claim-check.ts";
import type { Fact, PlannedCommit } from "./commit-draft.ts";
import type { Observe, ReturnReason } from "./consumer-event.ts";
import type { Tally } from "./consumer-report.ts";
import type { ConsumerSettings } from "./consumer-settings.ts";
import type { Message } from "./envelope.ts";
import type { ExternalHandler } from "./handler.ts";
import { failureOf, type Handling, type Memory } from "./handling.ts";
import type { Head, SequenceRange } from "./head.ts";
import type { HeadAccess } from "./head-access.ts";
import type { CommitBounds } from "./head-store.ts";
import { neverWritten } from "./head-transitions.ts";
import type { QueueRecord } from "./queue-record.ts";
import type { RecoveryPolicies } from "./recovery.ts";
import type { Redelivery } from "./redelivery.ts";
import type { StartAt } from "./start-at.ts";
import type { StreamCache } from "./stream-cache.ts";
import { type Arrival, type Fate, type Plan, planStream, type Want } from "./stream-plan.ts";

export type StreamContext<Held, Write> = {
  readonly handling: Handling<Held, Write>;
  readonly bounds: CommitBounds<Write>;
  readonly access: HeadAccess<Write>;
  readonly cache: StreamCache<Held>;
  readonly settings: ConsumerSettings;
  readonly recovery: RecoveryPolicies;
  readonly startAt: StartAt;
  readonly redelivery: Redelivery | undefined;
  readonly claimChecks: ClaimCheckStore | undefined;
  /** Absent for handlers that call nobody. */
  readonly external: ExternalHandler | undefined;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly observe: Observe;
  /** Dead-letters a record; false when that failed, so that it has to come again. */
  readonly bury: (record: QueueRecord, cause: string) => Promise<boolean>;
};

/**
 * Messages are classified again after a lost race this many times; more means that another consumer
 * lives on the stream.
 */
const RACES_MAX = 5;

/**
 * Between two races a round may load, reload, confirm, read 50 of 1,000 parked bodies, or call for
 * one message; the bound is above what that adds up to.
 */
const ROUNDS_MAX = 2_000;

/** Answers the records that are not durable. Never throws. */
export async function runStream<Held, Write>(
  context: StreamContext<Held, Write>,
  stream: string,
  arrivals: readonly Arrival[],
): Promise<readonly QueueRecord[]> {
  const run = new StreamRun(context, stream, arrivals);
  try {
    await run.toEnd();
  } catch (error) {
    run.abandon(failureOf(error));
  }
  return run.pending();
}

type Planned<Held, Write> = Extract<Plan<Held, Write>, { kind: "planned" }>;

type Turn =
  | { readonly kind: "again" }
  | { readonly kind: "done" }
  | { readonly kind: "stop"; readonly why: ReturnReason; readonly error?: Error };

const AGAIN: Turn = { kind: "again" };

/** One stream of one batch; its fields are what changes from round to round. */
class StreamRun<Held, Write> {
  readonly #context: StreamContext<Held, Write>;
  readonly #stream: string;
  readonly #pending: Set<Arrival>;
  #head: Head;
  #memory: Memory<Held> = { kind: "absent" };
  /** The head was read, or written, in this batch: what it says counts without a commit. */
  #isTrusted = false;
  #racesLost = 0;
  readonly #owner: string;
  /** Of the head as it is known; another writer may have replaced them. */
  #bodies = new Map<number, Message | Failure>();
  /** A call that was answered stays answered, whoever wrote the head meanwhile. */
  readonly #outcomes = new Map<number, { readonly failure?: Failure }>();

  constructor(context: StreamContext<Held, Write>, stream: string, arrivals: readonly Arrival[]) {
    this.#context = context;
    this.#stream = stream;
    this.#pending = new Set(arrivals);
    this.#head = neverWritten(stream);
    this.#owner = context.newId();
  }

  pending(): readonly QueueRecord[] {
    return [...this.#pending].map(({ record }) => record);
  }

  async toEnd(): Promise<void> {
    let turn = this.#recall() ? AGAIN : await this.#read();
    for (let round = 0; turn.kind === "again"; round += 1) {
      turn = round < ROUNDS_MAX ? await this.#round() : this.#endless();
    }
    const { cache } = this.#context;
    this.#context.tally.peak("lagMax", this.#head.parked.length);
    if (turn.kind === "done" || turn.why === "deadline-near") {
      cache.put(this.#stream, { head: this.#head, memory: this.#memory });
    } else {
      cache.drop(this.#stream);
    }
    if (turn.kind === "stop") this.#tellReturned([...this.#pending], turn.why, turn.error);
  }

  abandon(error: Error): void {
    this.#context.cache.drop(this.#stream);
    this.#tellReturned([...this.#pending], "unexpected", error);
  }

  #recall(): boolean {
    const remembered = this.#context.cache.get(this.#stream);
    if (remembered === undefined) return false;
    this.#know(remembered.head, remembered.memory);
    this.#isTrusted = false;
    return true;
  }

  /** A memory survives only together with the version of the head it belongs to. */
  async #read(): Promise<Turn> {
    const found = await this.#context.access.read(this.#stream);
    if (found.kind === "no-answer") return { ...found, kind: "stop" };
    const head = found.head ?? neverWritten(this.#stream);
    this.#know(head, head.version === this.#head.version ? this.#memory : { kind: "absent" });
    return AGAIN;
  }

  #know(head: Head, memory: Memory<Held>): void {
    this.#head = head;
    this.#memory = this.#context.handling.recall(head) ?? memory;
    this.#isTrusted = true;
  }

  async #round(): Promise<Turn> {
    const { handling, bounds, settings, recovery, startAt, clock } = this.#context;
    const plan = planStream({
      head: this.#head,
      memory: this.#memory,
      arrivals: [...this.#pending],
      bodies: this.#bodies,
      outcomes: this.#outcomes,
      owner: this.#owner,
      now: clock.now(),
      handling,
      bounds,
      settings,
      recovery,
      startAt,
    });
    if (plan.kind !== "planned") return this.#fetch(plan);
    // Nothing to write means nothing that would find out that the remembered head is outdated.
    if (plan.commits.length === 0 && !this.#isTrusted) return this.#read();
    const turn = await this.#carryOut(plan);
    if (turn.kind !== "done" || plan.call === undefined) return turn;
    return this.#call(plan.call);
  }

  async #fetch(want: Want): Promise<Turn> {
    if (want.kind === "load") return this.#load();
    const found = await fetchBodies(this.#stream, want.of, this.#context);
    if (found.kind === "no-answer") return { ...found, kind: "stop" };
    for (const [sequence, body] of found.bodies) this.#bodies.set(sequence, body);
    return AGAIN;
  }

  /** The head is claimed: nobody else calls for this message before the lease ends. */
  async #call(message: Message): Promise<Turn> {
    const { external, access } = this.#context;
    if (external === undefined) return this.#endless();
    if (access.isLate()) return { kind: "stop", why: "deadline-near" };
    const { sequence } = message;
    const key = `${this.#stream}:${sequence}`;
    try {
      await external.call(message, { key, attempt: this.#head.attempts + 1 });
      this.#outcomes.set(sequence, {});
    } catch (error) {
      this.#outcomes.set(sequence, { failure: failureOf(error) });
    }
    return AGAIN;
  }

  async #load(): Promise<Turn> {
    const { access, handling } = this.#context;
    if (access.isLate()) return { kind: "stop", why: "deadline-near" };
    try {
      this.#memory = { kind: "fresh", held: await handling.load(this.#stream) };
    } catch (error) {
      this.#memory = { kind: "failed", failure: failureOf(error) };
    }
    return AGAIN;
  }

  async #carryOut(plan: Planned<Held, Write>): Promise<Turn> {
    if (this.#isTrusted) await this.#settle(plan.fates, 0);
    for (const [index, commit] of plan.commits.entries()) {
      const turn = await this.#commit(commit);
      if (turn !== undefined) return turn;
      for (const fact of commit.facts) await this.#tell(fact);
      await this.#settle(plan.fates, index + 1);
    }
    this.#tellPlannedReturns(plan.fates);
    return { kind: "done" };
  }

  /** Undefined when it has taken effect. */
  async #commit(planned: PlannedCommit<Held, Write>): Promise<Turn | undefined> {
    const { head, memory } = planned;
    const { access, clock, tally } = this.#context;
    const begun = clock.now();
    const answer = await access.commit(planned);
    tally.peak("commitMsMax", clock.now() - begun);
    switch (answer.kind) {
      case "committed":
        this.#know(head, memory);
        return undefined;
      case "fenced":
        this.#know(answer.current ?? neverWritten(this.#stream), { kind: "absent" });
        return this.#lose("head");
      case "refused":
        // The head is as it was; what the effect was decided on is not.
        this.#know(this.#head, { kind: "absent" });
        return this.#lose("effect");
      case "no-answer":
        return { ...answer, kind: "stop" };
      default:
        return answer satisfies never;
    }
  }

  #lose(by: "head" | "effect"): Turn {
    this.#racesLost += 1;
    this.#bodies = new Map();
    this.#context.observe({ kind: "race-lost", stream: this.#stream, by });
    if (this.#racesLost <= RACES_MAX) return AGAIN;
    if (by === "effect" && this.#racesLost === RACES_MAX + 1) {
      // Its writes are refused again and again: a failed attempt, so that only it comes back and
      // the bound counts.
      this.#memory = { kind: "failed", failure: refusedTooOften(this.#stream) };
      return AGAIN;
    }
    return { kind: "stop", why: "races-lost" };
  }

  #endless(): Turn {
    const error = new Failure("unexpected", "retry", `Still planning after ${ROUNDS_MAX} rounds.`);
    return { kind: "stop", why: "unexpected", error };
  }

  /** What needs no more than so many commits is durable now, or is dead-lettered now. */
  async #settle(fates: readonly Fate[], commits: number): Promise<void> {
    const { bury, tally } = this.#context;
    for (const fate of fates) {
      if (fate.kind === "returned" || fate.durableAfter > commits) continue;
      if (!this.#pending.has(fate.arrival)) continue;
      if (fate.kind === "refused" && !(await bury(fate.arrival.record, fate.cause))) continue;
      this.#pending.delete(fate.arrival);
      if (fate.kind === "applied") this.#age(fate.arrival);
      tally.add(COUNTED_AS[fate.kind]);
    }
  }

  #age({ content }: Arrival): void {
    const { tally, clock } = this.#context;
    if (content.kind !== "message" || content.message.time === undefined) return;
    tally.peak("ageMsMax", clock.now() - content.message.time);
  }

  async #redeliver(range: SequenceRange): Promise<void> {
    const { redelivery, observe } = this.#context;
    try {
      await redelivery?.request(this.#stream, range);
    } catch (thrown) {
      const error = failureOf(thrown);
      observe({ kind: "redelivery-failed", stream: this.#stream, range, error });
    }
  }

  async #tell(fact: Fact): Promise<void> {
    const { tally, observe } = this.#context;
    switch (fact.kind) {
      case "released":
        tally.add("released");
        tally.add("applied");
        return;
      case "stream-halted":
        tally.add("halted");
        break;
      case "violation-filed":
        tally.addViolation(fact.violation.kind);
        break;
      case "skipped":
        tally.add("skipped", fact.range.to - fact.range.from + 1);
        break;
      case "stream-resumed":
        tally.add("resumed");
        break;
      case "redelivery-requested":
        await this.#redeliver(fact.range);
        break;
      case "decided":
      case "attempt-failed":
        break;
      default:
        fact satisfies never;
    }
    observe(fact);
  }

  #tellPlannedReturns(fates: readonly Fate[]): void {
    for (const why of ["attempt-failed", "parking-full", "claimed-by-another"] as const) {
      const returned = fates.filter((fate) => fate.kind === "returned" && fate.why === why);
      this.#tellReturned(
        returned.map(({ arrival }) => arrival),
        why,
      );
    }
  }

  #tellReturned(arrivals: readonly Arrival[], why: ReturnReason, error?: Error): void {
    if (arrivals.length === 0) return;
    this.#context.observe({
      kind: "returned",
      stream: this.#stream,
      receiptIds: arrivals.map(({ record }) => record.receiptId),
      why,
      ...(error === undefined ? {} : { error }),
    });
  }
}

const COUNTED_AS = {
  applied: "applied",
  duplicate: "duplicates",
  early: "early",
  "behind-halt": "parkedBehindHalt",
  late: "late",
  decided: "decided",
  refused: "refused",
} as const;

const refusedTooOften = (stream: string): Failure =>
  new Failure(
    "conflict",
    "retry",
    `The writes of stream ${JSON.stringify(stream)} were refused ${RACES_MAX + 1} times: ` +
      "another writer is changing the same items, or the handler asks for what can never hold.",
  );
