/**
 * What one batch does to one stream: classify, handle, and draft the commits, before anything is
 * written. No I/O, so that after a lost race the same messages are simply planned again against the
 * head that won.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { type Classification, classify } from "./classify.ts";
import { type CommitDraft, commitDraft, type PlannedCommit } from "./commit-draft.ts";
import type { ConsumerSettings } from "./consumer-settings.ts";
import type { Control } from "./control.ts";
import { decide, type Outcome } from "./decisions.ts";
import type { Message } from "./envelope.ts";
import { gapSchedule, recoverGap } from "./gap-recovery.ts";
import type { Handling, Memory } from "./handling.ts";
import type { Halt, Head, ParkedMessage } from "./head.ts";
import type { BesideWrite, CommitBounds } from "./head-store.ts";
import * as heads from "./head-transitions.ts";
import { type Attempt, attemptMessage } from "./message-attempt.ts";
import type { QueueRecord } from "./queue-record.ts";
import type { RecoveryPolicies } from "./recovery.ts";
import { startOf, type StartAt } from "./start-at.ts";
import { filing, refusalOf } from "./violation-filing.ts";

/** One record of the batch, decoded. */
export type Arrival = {
  readonly record: QueueRecord;
  readonly content:
    | { readonly kind: "message"; readonly message: Message }
    | { readonly kind: "control"; readonly control: Control };
  /** The partition that its stream is routed to. */
  readonly groupExpected: string;
};

type MessageArrival = { readonly arrival: Arrival; readonly message: Message };

export type Fate =
  | {
      readonly kind:
        | "applied"
        | "duplicate"
        | "early"
        | "behind-halt"
        | "late"
        /** A control message: it took effect, was refused, or had nothing to do. */
        | "decided";
      readonly arrival: Arrival;
      /**
       * How many of the plan's commits have to succeed until it is durable; 0: the head as read
       * says so.
       */
      readonly durableAfter: number;
    }
  /** Has to be dead-lettered, once its violation is filed. */
  | {
      readonly kind: "refused";
      readonly arrival: Arrival;
      readonly durableAfter: number;
      readonly cause: string;
    }
  /** Goes back to the queue. */
  | {
      readonly kind: "returned";
      readonly arrival: Arrival;
      readonly why: "attempt-failed" | "parking-full" | "claimed-by-another";
    };

/** Something has to be asked for before the plan can be made. */
export type Want =
  /** A message has to be handled against what is stored now. */
  | { readonly kind: "load" }
  /** Bodies that are stored elsewhere. */
  | { readonly kind: "bodies"; readonly of: readonly (Message | number)[] };

export type Plan<Held, Write> =
  | Want
  | {
      readonly kind: "planned";
      readonly commits: readonly PlannedCommit<Held, Write>[];
      readonly fates: readonly Fate[];
      /** An external handler has to call for this message, as soon as the commits claimed it. */
      readonly call?: Message;
    };

/** By sequence; a failure is what reading one came to. */
export type Bodies = ReadonlyMap<number, Message | Failure>;

/** By sequence: what an external handler's call came to. */
export type CallOutcomes = ReadonlyMap<number, { readonly failure?: Failure }>;

export type PlanInput<Held, Write> = {
  readonly head: Head;
  readonly memory: Memory<Held>;
  /** In the order of their arrival. */
  readonly arrivals: readonly Arrival[];
  readonly bodies: Bodies;
  readonly outcomes: CallOutcomes;
  /** Names this run as the owner of claims. */
  readonly owner: string;
  readonly now: EpochMs;
  readonly handling: Handling<Held, Write>;
  readonly bounds: CommitBounds<Write>;
  readonly settings: ConsumerSettings;
  readonly recovery: RecoveryPolicies;
  readonly startAt: StartAt;
};

export function planStream<Held, Write>(input: PlanInput<Held, Write>): Plan<Held, Write> {
  return new StreamPlan(input).run();
}

/** Parked bodies that are read at once. */
const BODIES_AT_ONCE = 50;

/**
 * The steps share one draft; the class is that draft's scope, made for one plan and thrown away.
 */
class StreamPlan<Held, Write> {
  readonly #input: PlanInput<Held, Write>;
  readonly #draft: CommitDraft<Held, Write>;
  readonly #fates: Fate[] = [];
  /** Bodies parked by this very plan. */
  readonly #parkedNow = new Map<number, Message>();
  /** A transient failure: what follows it waits. */
  #isBlocked = false;
  #want: Want | undefined;
  #call: Message | undefined;

  constructor(input: PlanInput<Held, Write>) {
    const { memory, bounds, now, settings, recovery } = input;
    const head = startOf(input);
    this.#input = input;
    this.#draft = commitDraft<Held, Write>(head, memory, bounds, (drafted) =>
      heads.scheduled(drafted, input.head, now, {
        retryDelayMs: settings.retryDelayMs,
        gapDeadlineMs: gapSchedule(drafted, settings, recovery),
      }),
    );
  }

  run(): Plan<Held, Write> {
    const { arrivals } = this.#input;
    if (this.#isClaimedByAnother()) {
      for (const arrival of arrivals) this.#return(arrival, "claimed-by-another");
      return { kind: "planned", commits: [], fates: this.#fates };
    }
    // A parked message that failed the last time waits at the position; any arrival is an occasion.
    this.#release();
    for (const arrival of inTurn(arrivals)) {
      if (this.#isWaiting()) break;
      this.#place(arrival);
    }
    if (this.#want !== undefined) return this.#want;
    const planned = { kind: "planned", commits: this.#draft.finish(), fates: this.#fates } as const;
    return this.#call === undefined ? planned : { ...planned, call: this.#call };
  }

  #isWaiting = (): boolean => this.#want !== undefined || this.#call !== undefined;

  #isClaimedByAnother(): boolean {
    const { head, owner, now } = this.#input;
    const { claim } = head;
    return claim !== undefined && claim.owner !== owner && claim.until > now;
  }

  #place(arrival: Arrival): void {
    const { content } = arrival;
    if (content.kind === "control") return this.#control(arrival, content.control);
    const { message } = content;
    const { record, groupExpected } = arrival;
    const found = classify(this.#draft.head(), message, record.group, groupExpected);
    switch (found.kind) {
      case "next":
        return this.#draft.head().status === "running"
          ? this.#apply({ arrival, message })
          : this.#park({ arrival, message });
      case "early":
        return this.#park({ arrival, message });
      case "duplicate": {
        const isKnown = classify(this.#input.head, message, record.group, groupExpected);
        const durableAfter = isKnown.kind === "duplicate" ? 0 : this.#draft.commitsSoFar();
        this.#fates.push({ kind: "duplicate", arrival, durableAfter });
        return;
      }
      case "before-start":
        this.#fates.push({ kind: "late", arrival, durableAfter: this.#draft.commitsSoFar() });
        return;
      case "late":
        this.#file(message, found);
        this.#fates.push({ kind: "late", arrival, durableAfter: this.#draft.commitsSoFar() });
        return;
      case "conflict":
      case "partition-mismatch":
      case "after-close":
        return this.#refuse({ arrival, message }, found);
      default:
        found satisfies never;
    }
  }

  #apply({ arrival, message }: MessageArrival): void {
    if (this.#isBlocked) return this.#return(arrival, "attempt-failed");
    const attempt = this.#attempt(message, false);
    switch (attempt.kind) {
      case "handled":
        this.#draft.apply(attempt.head, attempt.effect, filing(attempt.violations, this.#input));
        this.#fates.push({ kind: "applied", arrival, durableAfter: this.#draft.commitsSoFar() });
        return this.#release();
      case "failed":
        this.#fail(message.sequence, message.id, attempt);
        return this.#isBlocked
          ? this.#return(arrival, "attempt-failed")
          : this.#park({ arrival, message });
      default:
        this.#wait(attempt);
    }
  }

  /** Applies the contiguous run of parked messages at the position. */
  #release(): void {
    for (let next = this.#releasable(); next !== undefined; next = this.#releasable()) {
      const body = this.#bodyOf(next);
      if (body === undefined) break;
      const attempt: Attempt<Held, Write> =
        body instanceof Failure
          ? { kind: "failed", failure: body, violations: [] }
          : this.#attempt(body, true);
      if (attempt.kind === "handled") {
        const { facts = [], beside = [] } = filing(attempt.violations, this.#input);
        const unparked = next.message === undefined ? [unpark(next)] : [];
        this.#draft.apply(attempt.head, attempt.effect, {
          facts: [{ kind: "released" }, ...facts],
          beside: [...unparked, ...beside],
        });
      } else if (attempt.kind === "failed") {
        this.#fail(next.sequence, body instanceof Failure ? "" : body.id, attempt);
      } else this.#wait(attempt);
    }
    this.#resume();
  }

  /** All that was parked in a row is applied. */
  #resume(): void {
    const head = this.#draft.head();
    if (head.status !== "draining" || this.#isBlocked || this.#isWaiting()) return;
    const fact = { kind: "stream-resumed", stream: head.stream } as const;
    this.#draft.move({ ...head, status: "running" }, { facts: [fact] });
  }

  /**
   * Undefined also once something failed, so that every round of the loop above applies a message
   * or ends it.
   */
  #releasable(): ParkedMessage | undefined {
    const { status, last, parked } = this.#draft.head();
    const first = parked[0];
    const mayRun = status !== "halted" && !this.#isBlocked && !this.#isWaiting();
    return mayRun && first?.sequence === last + 1 ? first : undefined;
  }

  #bodyOf({ sequence, message }: ParkedMessage): Message | Failure | undefined {
    const body = message ?? this.#parkedNow.get(sequence) ?? this.#input.bodies.get(sequence);
    if (body === undefined) this.#want = { kind: "bodies", of: this.#besideFrom(sequence) };
    return body;
  }

  /** Those of the contiguous run from here on whose bodies are beside the head. */
  #besideFrom(sequence: number): readonly number[] {
    const rest = this.#draft.head().parked.filter((entry) => entry.sequence >= sequence);
    return rest
      .filter((entry, index) => entry.sequence === sequence + index && entry.message === undefined)
      .slice(0, BODIES_AT_ONCE)
      .map((entry) => entry.sequence);
  }

  #wait(attempt: Extract<Attempt<Held, Write>, { kind: "load" | "body" | "call" }>): void {
    switch (attempt.kind) {
      case "load":
        this.#want = { kind: "load" };
        return;
      case "body":
        this.#want = { kind: "bodies", of: [attempt.message] };
        return;
      case "call": {
        const { owner } = this.#input;
        const { until, message } = attempt;
        const claim = { sequence: message.sequence, owner, until };
        this.#draft.move({ ...this.#draft.head(), claim });
        this.#call = message;
        return;
      }
      default:
        attempt satisfies never;
    }
  }

  #attempt(message: Message, isHeld: boolean): Attempt<Held, Write> {
    return attemptMessage(this.#input, {
      head: this.#draft.head(),
      memory: this.#draft.memory(),
      message,
      isHeld,
    });
  }

  #fail(
    sequence: number,
    messageId: string,
    { failure, violations }: Extract<Attempt<Held, Write>, { kind: "failed" }>,
  ): void {
    const { now, settings } = this.#input;
    const filed = violations.reduce(heads.filed, this.#draft.head());
    const head = heads.attempted(filed);
    if (violations.length > 0) this.#draft.move(head, filing(violations, this.#input));
    const { stream } = head;
    if (failure.action === "retry" && head.attempts < settings.attemptsMax) {
      this.#isBlocked = true;
      const attempt = head.attempts;
      const error = failure;
      this.#draft.move(head, {
        facts: [{ kind: "attempt-failed", stream, sequence, attempt, error }],
      });
      return;
    }
    const used = failure.action === "retry" ? ` (attempt ${head.attempts}, the last)` : "";
    const message = `${failure.message}${used}`;
    this.#halt(head, { sequence, messageId, code: failure.code, message, at: now });
  }

  #halt(head: Head, halt: Halt): void {
    const halted = heads.halted(head, halt);
    const told = halted.halt ?? halt;
    this.#draft.move(halted, {
      facts: [{ kind: "stream-halted", stream: head.stream, halt: told }],
      beside: [{ kind: "record", record: { kind: "halt", at: halt.at, halt: told } }],
    });
  }

  #park({ arrival, message }: MessageArrival): void {
    const reason = this.#draft.head().status === "running" ? "early" : "halted";
    if (!this.#store(message, reason)) return this.#return(arrival, "parking-full");
    const kind = reason === "early" ? "early" : "behind-halt";
    this.#fates.push({ kind, arrival, durableAfter: this.#draft.commitsSoFar() });
  }

  /** False: the stream may park no more. */
  #store(message: Message, reason: ParkedMessage["reason"]): boolean {
    const { now, settings } = this.#input;
    const parking = heads.parked(this.#draft.head(), message, { reason, at: now }, settings);
    if (parking === undefined) return false;
    this.#parkedNow.set(message.sequence, message);
    const beside: readonly BesideWrite[] = parking.isBeside ? [{ kind: "park", message }] : [];
    this.#draft.move(parking.head, { beside });
    return true;
  }

  #refuse(
    { arrival, message }: MessageArrival,
    found: Extract<Classification, { expected: string }>,
  ): void {
    const { violation, recovery } = this.#file(message, found);
    const head = this.#draft.head();
    if (recovery === "strict-halt" && head.status === "running") {
      const { kind, expected, actual } = violation;
      this.#halt(head, {
        sequence: head.last + 1,
        messageId: message.id,
        code: kind,
        message: `${expected}; received ${actual}`,
        at: this.#input.now,
      });
    }
    const cause = `${violation.kind}: ${violation.expected}; received ${violation.actual}`;
    const durableAfter = this.#draft.commitsSoFar();
    this.#fates.push({ kind: "refused", arrival, durableAfter, cause });
  }

  #file(message: Message, found: Extract<Classification, { expected: string }>) {
    const refusal = refusalOf(message, found, this.#input);
    const head = this.#draft.head();
    if (!heads.isFiled(head, refusal.violation)) {
      const { violation } = refusal;
      this.#draft.move(heads.filed(head, violation), filing([violation], this.#input));
    }
    return refusal;
  }

  #control(arrival: Arrival, control: Control): void {
    const head = this.#draft.head();
    if (arrival.record.group !== arrival.groupExpected) {
      const cause = `partition-mismatch: a control message of group "${arrival.groupExpected}"`;
      this.#fates.push({ kind: "refused", arrival, durableAfter: 0, cause });
      return;
    }
    if (control.kind === "tick") this.#tick();
    else if (!head.controls.includes(control.id)) this.#decide(control);
    if (this.#isWaiting()) return;
    this.#fates.push({ kind: "decided", arrival, durableAfter: this.#draft.commitsSoFar() });
  }

  #decide(control: Exclude<Control, { kind: "tick" }>): void {
    const { now, handling } = this.#input;
    const head = this.#draft.head();
    const { stream } = head;
    const outcome = decide(head, control, handling.canRewind);
    const replacement = this.#replacement(control, outcome);
    if (this.#isWaiting()) return;
    const refused = outcome.kind === "refused" ? { refused: outcome.why } : {};
    const { skipped } = outcome.kind === "decided" ? outcome : {};
    const left = skipped === undefined ? {} : { skipped };
    const record = { kind: "decision", at: now, decision: control, ...refused, ...left } as const;
    const gone = head.parked.filter((entry) => entry.sequence <= (skipped?.to ?? 0));
    const next = outcome.kind === "decided" ? outcome.head : head;
    this.#draft.move(heads.decidedOn(next, control.id), {
      facts: [
        { kind: "decided", stream, decision: control, ...refused },
        ...(skipped === undefined ? [] : [{ kind: "skipped", stream, range: skipped } as const]),
      ],
      beside: [
        { kind: "record", record },
        ...gone.filter((entry) => entry.message === undefined).map(unpark),
      ],
    });
    if (replacement !== undefined) this.#store(replacement, "halted");
    this.#release();
  }

  /** The message that halted the stream, with its new content. */
  #replacement(control: Control, outcome: Outcome): Message | undefined {
    if (control.kind !== "replace" || outcome.kind !== "decided") return undefined;
    const parked = this.#draft.head().parked.find(({ sequence }) => sequence === control.sequence);
    const body = parked === undefined ? undefined : this.#bodyOf(parked);
    if (body === undefined || body instanceof Failure) return undefined;
    const { claimCheck: _, ...rest } = body;
    return { ...rest, ...outcome.replacement };
  }

  /** The occasion to do what is due: what waits at the position has been released already. */
  #tick(): void {
    const { head: asRead, now, recovery } = this.#input;
    if (asRead.dueAt === undefined || asRead.dueAt > now || this.#isBlocked) return;
    const step = recoverGap(this.#draft.head(), recovery, now);
    switch (step.kind) {
      case "none":
        return;
      case "moved":
        this.#draft.move(step.head, step.along);
        return this.#release();
      case "halt":
        this.#draft.move(step.head, step.along);
        return this.#halt(step.head, step.halt);
      default:
        step satisfies never;
    }
  }

  #return(arrival: Arrival, why: Extract<Fate, { kind: "returned" }>["why"]): void {
    this.#fates.push({ kind: "returned", arrival, why });
  }
}

const unpark = ({ sequence }: ParkedMessage): BesideWrite => ({ kind: "unpark", sequence });

/**
 * Control messages have their turn where they came; between them the messages are in the order of
 * their sequences. Stable, so that of two messages with one sequence the first to arrive is the
 * first to be judged.
 */
function inTurn(arrivals: readonly Arrival[]): readonly Arrival[] {
  const ordered: Arrival[] = [];
  let run: Arrival[] = [];
  for (const arrival of arrivals) {
    if (arrival.content.kind === "message") run.push(arrival);
    else {
      ordered.push(...inSequence(run), arrival);
      run = [];
    }
  }
  return [...ordered, ...inSequence(run)];
}

const inSequence = (arrivals: readonly Arrival[]): readonly Arrival[] =>
  arrivals.toSorted((a, b) => sequenceOf(a) - sequenceOf(b));

const sequenceOf = ({ content }: Arrival): number =>
  content.kind === "message" ? content.message.sequence : 0;
