/**
 * What one batch does to one stream: classify, handle, and draft the commits, before anything is
 * written. No I/O, so that after a lost race the same messages are simply planned again against the
 * head that won.
 */
import type { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { type Classification, classify } from "./classify.ts";
import { type CommitDraft, commitDraft, type Fact, type PlannedCommit } from "./commit-draft.ts";
import type { ConsumerSettings } from "./consumer-settings.ts";
import type { Message } from "./envelope.ts";
import type { Handling, Memory } from "./handling.ts";
import type { Head } from "./head.ts";
import type { CommitBounds } from "./head-store.ts";
import * as heads from "./head-transitions.ts";
import { type Attempt, attemptMessage } from "./message-attempt.ts";
import type { QueueRecord } from "./queue-record.ts";
import type { Violation } from "./violation.ts";

/** One record of the batch, decoded. */
export type Arrival = {
  readonly record: QueueRecord;
  readonly message: Message;
  /** The partition that its stream is routed to. */
  readonly groupExpected: string;
};

export type Fate =
  | {
      readonly kind: "applied" | "duplicate" | "early" | "behind-halt";
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
      readonly why: "attempt-failed" | "parking-full";
    };

export type Plan<Held, Write> =
  /** A message has to be handled against what is stored now. */
  | { readonly kind: "load" }
  | {
      readonly kind: "planned";
      readonly commits: readonly PlannedCommit<Held, Write>[];
      readonly fates: readonly Fate[];
    };

export type PlanInput<Held, Write> = {
  readonly head: Head;
  readonly memory: Memory<Held>;
  /** In any order. */
  readonly arrivals: readonly Arrival[];
  readonly now: EpochMs;
  readonly handling: Handling<Held, Write>;
  readonly bounds: CommitBounds<Write>;
  readonly settings: ConsumerSettings;
};

export function planStream<Held, Write>(input: PlanInput<Held, Write>): Plan<Held, Write> {
  return new StreamPlan(input).run();
}

type Refusal = Extract<Classification, { kind: "conflict" | "partition-mismatch" }>;

/**
 * The steps share one draft; the class is that draft's scope, made for one plan and thrown away.
 */
class StreamPlan<Held, Write> {
  readonly #input: PlanInput<Held, Write>;
  readonly #draft: CommitDraft<Held, Write>;
  readonly #fates: Fate[] = [];
  /** A transient failure: what follows it waits. */
  #isBlocked = false;
  #needsLoad = false;

  constructor(input: PlanInput<Held, Write>) {
    const { head, memory, bounds, now, settings } = input;
    this.#input = input;
    this.#draft = commitDraft<Held, Write>(head, memory, bounds, (drafted) =>
      heads.scheduled(drafted, head, now, settings),
    );
  }

  run(): Plan<Held, Write> {
    // A parked message that failed the last time waits at the position; any arrival is an occasion.
    this.#release();
    for (const arrival of inSequence(this.#input.arrivals)) {
      if (this.#needsLoad) break;
      this.#place(arrival);
    }
    if (this.#needsLoad) return { kind: "load" };
    return { kind: "planned", commits: this.#draft.finish(), fates: this.#fates };
  }

  #place(arrival: Arrival): void {
    const { message, record, groupExpected } = arrival;
    const found = classify(this.#draft.head(), message, record.group, groupExpected);
    switch (found.kind) {
      case "next":
        return this.#draft.head().status === "running" ? this.#apply(arrival) : this.#park(arrival);
      case "early":
        return this.#park(arrival);
      case "duplicate": {
        const isKnown = classify(this.#input.head, message, record.group, groupExpected);
        const durableAfter = isKnown.kind === "duplicate" ? 0 : this.#draft.commitsSoFar();
        this.#fates.push({ kind: "duplicate", arrival, durableAfter });
        return;
      }
      case "conflict":
      case "partition-mismatch":
        return this.#refuse(arrival, found);
      default:
        found satisfies never;
    }
  }

  #apply(arrival: Arrival): void {
    if (this.#isBlocked) return this.#return(arrival, "attempt-failed");
    const attempt = this.#attempt(arrival.message, false);
    switch (attempt.kind) {
      case "handled":
        this.#draft.apply(attempt.head, attempt.effect, ...attempt.facts);
        this.#fates.push({ kind: "applied", arrival, durableAfter: this.#draft.commitsSoFar() });
        return this.#release();
      case "failed":
        this.#fail(arrival.message, attempt.failure);
        return this.#isBlocked ? this.#return(arrival, "attempt-failed") : this.#park(arrival);
      case "load":
        this.#needsLoad = true;
        return;
      default:
        attempt satisfies never;
    }
  }

  /** Applies the contiguous run of parked messages at the position. */
  #release(): void {
    for (let next = this.#releasable(); next !== undefined; next = this.#releasable()) {
      const attempt = this.#attempt(next, true);
      switch (attempt.kind) {
        case "handled":
          this.#draft.apply(attempt.head, attempt.effect, { kind: "released" }, ...attempt.facts);
          break;
        case "failed":
          this.#fail(next, attempt.failure);
          break;
        case "load":
          this.#needsLoad = true;
          break;
        default:
          attempt satisfies never;
      }
    }
  }

  /**
   * Undefined also once something failed, so that every round of the loop above applies a message
   * or ends it.
   */
  #releasable(): Message | undefined {
    const { status, last, parked } = this.#draft.head();
    const first = parked[0]?.message;
    const mayRun = status === "running" && !this.#isBlocked && !this.#needsLoad;
    return mayRun && first?.sequence === last + 1 ? first : undefined;
  }

  #attempt(message: Message, isHeld: boolean): Attempt<Held, Write> {
    const { handling, bounds, now } = this.#input;
    const head = this.#draft.head();
    const memory = this.#draft.memory();
    return attemptMessage({ head, memory, message, isHeld, now, handling, bounds });
  }

  #fail(message: Message, failure: Failure): void {
    const { now, settings } = this.#input;
    const head = heads.attempted(this.#draft.head());
    const { stream, sequence } = message;
    if (failure.action === "retry" && head.attempts < settings.attemptsMax) {
      this.#isBlocked = true;
      const attempt = head.attempts;
      this.#draft.move(head, { kind: "attempt-failed", stream, sequence, attempt, error: failure });
      return;
    }
    const used = failure.action === "retry" ? ` (attempt ${head.attempts}, the last)` : "";
    const halt = {
      sequence,
      messageId: message.id,
      code: failure.code,
      message: `${failure.message}${used}`,
      at: now,
    };
    const halted = heads.halted(head, halt);
    this.#draft.move(halted, { kind: "stream-halted", stream, halt: halted.halt ?? halt });
  }

  #park(arrival: Arrival): void {
    const { now, settings } = this.#input;
    const head = this.#draft.head();
    const reason = head.status === "running" ? "early" : "halted";
    const entry = { message: arrival.message, parkedAt: now, reason } as const;
    const parked = heads.parked(head, entry, settings);
    if (parked === undefined) return this.#return(arrival, "parking-full");
    this.#draft.move(parked);
    const kind = reason === "early" ? "early" : "behind-halt";
    this.#fates.push({ kind, arrival, durableAfter: this.#draft.commitsSoFar() });
  }

  #refuse(arrival: Arrival, { kind, expected, actual }: Refusal): void {
    const { message } = arrival;
    const violation: Violation = {
      kind: kind === "conflict" ? "sequence-conflict" : kind,
      severity: "critical",
      sequence: message.sequence,
      messageId: message.id,
      expected,
      actual,
      at: this.#input.now,
    };
    const head = this.#draft.head();
    if (!heads.isFiled(head, violation)) {
      this.#draft.move(heads.filed(head, violation), this.#violationFiled(violation));
    }
    const cause = `${violation.kind}: ${expected}; received ${actual}`;
    const durableAfter = this.#draft.commitsSoFar();
    this.#fates.push({ kind: "refused", arrival, durableAfter, cause });
  }

  #return(arrival: Arrival, why: "attempt-failed" | "parking-full"): void {
    this.#fates.push({ kind: "returned", arrival, why });
  }

  readonly #violationFiled = (violation: Violation): Fact => ({
    kind: "violation-filed",
    stream: this.#input.head.stream,
    violation,
  });
}

/**
 * Stable, so that of two messages with one sequence the first to arrive is the first to be judged.
 */
const inSequence = (arrivals: readonly Arrival[]): readonly Arrival[] =>
  arrivals.toSorted((a, b) => a.message.sequence - b.message.sequence);
