/**
 * The vocabulary of a plan, and what the steps of making one share.
 */
import type { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { ConsumerSettings } from "../consumer/consumer-settings.ts";
import type { Handling, Memory } from "../consumer/handling.ts";
import type { Message } from "../envelope/envelope.ts";
import type { CommitBounds } from "../head/head-store.ts";
import { scheduled } from "../head/head-transitions.ts";
import type { Head } from "../head/head.ts";
import { gapSchedule } from "../violation/gap-recovery.ts";
import type { RecoveryPolicies } from "../violation/recovery.ts";
import type { Arrival } from "./arrival.ts";
import { type CommitDraft, commitDraft, type PlannedCommit } from "./commit-draft.ts";
import { type StartAt, startOf } from "./start-at.ts";

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
      readonly why: "attempt-failed" | "claimed-by-another";
    };

/** Something has to be asked for before the plan can be made, or made further. */
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
      /**
       * What the rest waits for, to be planned once the commits have taken effect; a call is made
       * by an external handler, for which the commits claimed the message. Absent: nothing is left.
       */
      readonly next?:
        | { readonly kind: "call"; readonly message: Message }
        | Extract<Want, { readonly kind: "bodies" }>;
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
  /**
   * Something of a commit was refused: with one message a commit, what stands before the culprit
   * takes effect, and only the culprit is blamed.
   */
  readonly isSingly: boolean;
};

/** Made for one plan and thrown away. */
export type PlanScope<Held, Write> = {
  readonly input: PlanInput<Held, Write>;
  readonly draft: CommitDraft<Held, Write>;
  readonly fates: Fate[];
  /** Bodies parked by this very plan. */
  readonly parkedNow: Map<number, Message>;
  /** Sequences whose call's outcome has been a failed attempt: another attempt calls again. */
  readonly failedCalls: Set<number>;
  /** What deadlines run on from: the head as read, or as a rewind of this plan left it. */
  deadlinesFrom: Head;
  /** A transient failure: what follows it waits. */
  isBlocked: boolean;
  want?: Want;
  call?: Message;
};

export function planScope<Held, Write>(input: PlanInput<Held, Write>): PlanScope<Held, Write> {
  const { memory, bounds, isSingly, now, settings, recovery } = input;
  const seal = (drafted: Head): Head =>
    scheduled(drafted, scope.deadlinesFrom, now, {
      retryDelayMs: settings.retryDelayMs,
      gapDeadlineMs: gapSchedule(drafted, settings, recovery),
    });
  const draft = commitDraft<Held, Write>(startOf(input), memory, { bounds, isSingly, seal });
  const scope: PlanScope<Held, Write> = {
    input,
    draft,
    fates: [],
    parkedNow: new Map(),
    failedCalls: new Set(),
    deadlinesFrom: input.head,
    isBlocked: false,
  };
  return scope;
}

/** Nothing can be planned any further until it is answered. */
export const isWaiting = ({
  want,
  call,
}: Pick<PlanScope<unknown, unknown>, "want" | "call">): boolean =>
  want !== undefined || call !== undefined;

export function giveBack(
  scope: Pick<PlanScope<unknown, unknown>, "fates">,
  arrival: Arrival,
  why: Extract<Fate, { kind: "returned" }>["why"],
): void {
  scope.fates.push({ kind: "returned", arrival, why });
}
