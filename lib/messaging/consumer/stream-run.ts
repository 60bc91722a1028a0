/**
 * Carries one stream of a batch through: recall or read its head, plan, commit, and plan again when
 * another writer was first. What is not known to be durable at the end goes back to the queue.
 */
import { Failure } from "#kernel/failure";
import type { Message } from "../envelope/envelope.ts";
import { neverWritten } from "../head/head-transitions.ts";
import type { Arrival } from "../plan/arrival.ts";
import type { PlannedCommit } from "../plan/commit-draft.ts";
import type { Fate, Plan, Want } from "../plan/plan-scope.ts";
import { planStream } from "../plan/stream-plan.ts";
import { fetchBodies } from "./body-fetch.ts";
import type { BatchPart } from "./batch-part.ts";
import type { ReturnReason } from "./consumer-event.ts";
import { failureOf } from "./handling.ts";
import { type LostCommit, LostCommits } from "./lost-commits.ts";
import type { QueueRecord } from "./queue-record.ts";
import type { StreamContext } from "./stream-context.ts";
import { StreamKnowledge } from "./stream-knowledge.ts";
import { type StreamTelling, streamTelling } from "./stream-telling.ts";

/**
 * Between two races a round may load, reload, confirm, read 50 of 1,000 parked bodies, or fetch the
 * data of one message or call for it, parked or arrived; the bound is above what that adds up to.
 */
const roundsMax = (arrivals: number): number => 4_000 + 2 * arrivals;

export const streamRun = <Held, Write>(
  context: StreamContext<Held, Write>,
  stream: string,
  arrivals: readonly Arrival[],
): BatchPart => new StreamRun(context, stream, arrivals);

type Planned<Held, Write> = Extract<Plan<Held, Write>, { kind: "planned" }>;

type Turn =
  | { readonly kind: "again" }
  | { readonly kind: "done" }
  | { readonly kind: "stop"; readonly why: ReturnReason; readonly error?: Error };

const AGAIN: Turn = { kind: "again" };

/** One stream of one batch; its fields are what changes from round to round. */
class StreamRun<Held, Write> implements BatchPart {
  readonly #context: StreamContext<Held, Write>;
  readonly #stream: string;
  readonly #pending: Set<Arrival>;
  readonly #telling: StreamTelling;
  readonly #known: StreamKnowledge<Held>;
  readonly #owner: string;
  readonly #roundsMax: number;
  readonly #lost: LostCommits;
  #isEnded = false;
  constructor(context: StreamContext<Held, Write>, stream: string, arrivals: readonly Arrival[]) {
    this.#context = context;
    this.#stream = stream;
    this.#pending = new Set(arrivals);
    this.#telling = streamTelling(context, stream);
    this.#known = new StreamKnowledge(context.handling, stream);
    // Only who calls somebody else claims anything.
    this.#owner = context.external === undefined ? "" : context.newId();
    this.#roundsMax = roundsMax(arrivals.length);
    this.#lost = new LostCommits(stream);
  }

  async toEnd(): Promise<void> {
    try {
      await this.#rounds();
    } catch (error) {
      this.#context.cache.drop(this.#stream);
      this.#end("unexpected", failureOf(error));
    }
  }

  cutOff(): readonly QueueRecord[] {
    this.#end("deadline-near");
    return [...this.#pending].map(({ record }) => record);
  }

  /** Told once, whatever comes of the run after that. */
  #end(why: ReturnReason, error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#telling.returned([...this.#pending], why, error);
  }

  async #rounds(): Promise<void> {
    let turn = this.#recall() ? AGAIN : await this.#read();
    for (let round = 0; turn.kind === "again"; round += 1) {
      turn = round < this.#roundsMax ? await this.#round() : this.#endless();
    }
    const { cache } = this.#context;
    this.#context.tally.peak("lagMax", this.#known.head.parked.length);
    if (turn.kind === "done" || turn.why === "deadline-near") {
      cache.put(this.#stream, { head: this.#known.head, memory: this.#known.memory });
    } else {
      cache.drop(this.#stream);
    }
    if (turn.kind === "stop") this.#end(turn.why, turn.error);
    // What a plan gives back it has told with its reasons.
    this.#isEnded = true;
  }

  #recall(): boolean {
    const remembered = this.#context.cache.get(this.#stream);
    if (remembered === undefined) return false;
    this.#known.take(remembered.head, remembered.memory);
    this.#known.isTrusted = false;
    return true;
  }

  /** A memory survives only together with the version of the head it belongs to. */
  async #read(): Promise<Turn> {
    const found = await this.#context.access.read(this.#stream);
    if (found.kind === "no-answer") return { ...found, kind: "stop" };
    const head = found.head ?? neverWritten(this.#stream);
    this.#known.take(
      head,
      head.version === this.#known.head.version ? this.#known.memory : { kind: "absent" },
    );
    return AGAIN;
  }

  async #round(): Promise<Turn> {
    const { handling, bounds, settings, recovery, startAt, clock } = this.#context;
    const plan = planStream({
      head: this.#known.head,
      memory: this.#known.memory,
      arrivals: [...this.#pending],
      bodies: this.#known.bodies,
      outcomes: this.#known.outcomes,
      owner: this.#owner,
      now: clock.now(),
      handling,
      bounds,
      settings,
      recovery,
      startAt,
      isSingly: this.#lost.isSingly,
    });
    if (plan.kind !== "planned") return this.#fetch(plan);
    // Nothing to write means nothing that would find out that the remembered head is outdated.
    if (plan.commits.length === 0 && !this.#known.isTrusted) return this.#read();
    const turn = await this.#carryOut(plan);
    if (turn.kind !== "done" || plan.next === undefined) return turn;
    return plan.next.kind === "call" ? this.#call(plan.next.message) : this.#fetch(plan.next);
  }

  async #fetch(want: Want): Promise<Turn> {
    if (want.kind === "load") return this.#load();
    const found = await fetchBodies(this.#stream, want.of, this.#context);
    if (found.kind === "no-answer") return { ...found, kind: "stop" };
    for (const [sequence, body] of found.bodies) this.#known.bodies.set(sequence, body);
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
      await external.call(message, { key, attempt: this.#known.head.called?.times ?? 1 });
      this.#known.outcomes.set(sequence, {});
    } catch (error) {
      this.#known.outcomes.set(sequence, { failure: failureOf(error) });
    }
    return AGAIN;
  }

  async #load(): Promise<Turn> {
    const { access, handling } = this.#context;
    if (access.isLate()) return { kind: "stop", why: "deadline-near" };
    try {
      this.#known.memory = { kind: "fresh", held: await handling.load(this.#stream) };
    } catch (error) {
      this.#known.memory = { kind: "failed", failure: failureOf(error) };
    }
    return AGAIN;
  }

  async #carryOut(plan: Planned<Held, Write>): Promise<Turn> {
    if (this.#known.isTrusted) await this.#settle(plan.fates, 0);
    for (const [index, commit] of plan.commits.entries()) {
      const turn = await this.#commit(commit);
      if (turn !== undefined) return turn;
      await this.#settle(plan.fates, index + 1);
      for (const fact of commit.facts) await this.#telling.fact(fact);
    }
    // What goes back is planned once more when there is more to come.
    if (plan.next === undefined) this.#telling.plannedReturns(plan.fates);
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
        this.#known.take(head, memory);
        this.#known.bodiesAfter(planned);
        return undefined;
      case "fenced":
        this.#known.take(answer.current ?? neverWritten(this.#stream), { kind: "absent" });
        return this.#lose(answer);
      case "refused":
      case "too-large":
        // The head is as it was; what the effect was decided on may not be.
        this.#known.take(this.#known.head, { kind: "absent" });
        return this.#lose(answer);
      case "no-answer":
        return { ...answer, kind: "stop" };
      default:
        return answer satisfies never;
    }
  }

  #lose(lost: LostCommit): Turn {
    this.#known.bodies.clear();
    const { observe } = this.#context;
    if (lost.kind !== "too-large") {
      const by = lost.kind === "fenced" ? "head" : "effect";
      observe({ kind: "race-lost", stream: this.#stream, by });
    }
    const after = this.#lost.count(lost);
    if (after.kind === "give-up") return { ...after, kind: "stop" };
    if (after.kind === "blame") this.#known.memory = { kind: "failed", failure: after.failure };
    return AGAIN;
  }

  #endless(): Turn {
    const still = `Still planning after ${this.#roundsMax} rounds.`;
    const error = new Failure("unexpected", "retry", still);
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
      tally.add(COUNTED_AS[fate.kind]);
      const { content, record } = fate.arrival;
      if (fate.kind !== "applied" || content.kind !== "message") continue;
      this.#telling.age(content.message, record.sentAt);
    }
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
