/**
 * The commits of one plan in the making: head and writes grow message by message, and a commit is
 * closed as soon as the next message's writes would not fit the store's transaction with it. Each
 * commit moves the position.
 */
import type { EpochMs } from "#kernel/units";
import type { ConsumerEvent } from "../consumer/consumer-event.ts";
import type { Memory } from "../consumer/handling.ts";
import type { Message } from "../envelope/envelope.ts";
import { jsonBytes } from "../envelope/size.ts";
import type { BesideWrite, CommitBounds } from "../head/head-store.ts";
import type { Head } from "../head/head.ts";
import { emptyLoad, joined, type TransactionLoad } from "./transaction-load.ts";

/** True, and told, as soon as the commit has taken effect. */
export type Fact =
  | Extract<
      ConsumerEvent,
      {
        kind:
          | "stream-halted"
          | "stream-resumed"
          | "violation-filed"
          | "attempt-failed"
          | "decided"
          | "skipped"
          | "redelivery-requested";
      }
    >
  | { readonly kind: "released"; readonly message: Message; readonly parkedAt: EpochMs };

export type PlannedCommit<Held, Write> = {
  readonly head: Head;
  readonly writes: readonly Write[];
  readonly beside: readonly BesideWrite[];
  /** What the stream's next message is handled against after this commit. */
  readonly memory: Memory<Held>;
  readonly facts: readonly Fact[];
};

export type DraftedEffect<Held, Write> = {
  readonly memory: Memory<Held>;
  /** Its writes, known to fit a transaction. */
  readonly load: TransactionLoad<Write>;
};

/** What goes with a change of the head. */
export type Along = { readonly facts?: readonly Fact[]; readonly beside?: readonly BesideWrite[] };

export type CommitDraft<Held, Write> = {
  /** As it stands with everything drafted so far. */
  head(): Head;
  memory(): Memory<Held>;
  /** A change of the head, with what is written beside it. */
  move(head: Head, along?: Along): void;
  /** A message's effect, with the head that it leads to. */
  apply(head: Head, effect: DraftedEffect<Held, Write>, along?: Along): void;
  /** How many commits have to succeed until everything drafted so far is durable. */
  commitsSoFar(): number;
  finish(): readonly PlannedCommit<Held, Write>[];
};

/** What an item beside the head takes up besides its content: keys and names. */
const BESIDE_OVERHEAD_BYTES = 2_000;

export type DraftOptions<Write> = {
  readonly bounds: CommitBounds<Write>;
  /** Each message's effect is a commit of its own. */
  readonly isSingly: boolean;
  /** The last touch to a commit's head; its version is set here. */
  readonly seal: (head: Head) => Head;
};

export function commitDraft<Held, Write>(
  base: Head,
  memoryAtStart: Memory<Held>,
  { bounds, isSingly, seal }: DraftOptions<Write>,
): CommitDraft<Held, Write> {
  const closed: PlannedCommit<Held, Write>[] = [];
  let head = base;
  let memory = memoryAtStart;
  let load: TransactionLoad<Write> = emptyLoad;
  let beside: readonly BesideWrite[] = [];
  let facts: Fact[] = [];
  let isOpen = false;

  const close = (): void => {
    if (!isOpen) return;
    const sealed = { ...seal(head), version: base.version + closed.length + 1 };
    closed.push({ head: sealed, writes: load.writes, beside, memory, facts });
    load = emptyLoad;
    beside = [];
    facts = [];
    isOpen = false;
  };

  const change = (
    next: Head,
    effect: DraftedEffect<Held, Write> | undefined,
    { facts: noted = [], beside: more = [] }: Along,
  ): void => {
    if (isSingly && effect !== undefined) close();
    let together = effect === undefined ? load : joined(load, effect.load, bounds);
    let along = merged(beside, more);
    if (together === undefined || !isRoomFor(together, along, bounds)) {
      close();
      together = effect?.load ?? emptyLoad;
      along = merged(beside, more);
    }
    load = together;
    beside = along;
    memory = effect?.memory ?? memory;
    head = next;
    facts.push(...noted);
    isOpen = true;
  };

  return {
    head: () => head,
    memory: () => memory,
    move: (next, along = {}) => change(next, undefined, along),
    apply: (next, effect, along = {}) => change(next, effect, along),
    commitsSoFar: () => closed.length + (isOpen ? 1 : 0),
    finish() {
      close();
      return closed;
    },
  };
}

/** A transaction writes an item once: of two writes to one the later counts. */
function merged(
  beside: readonly BesideWrite[],
  more: readonly BesideWrite[],
): readonly BesideWrite[] {
  if (more.length === 0) return beside;
  const both = [...beside];
  for (const write of more) {
    const at = both.findIndex((other) => isSameItem(other, write));
    if (at >= 0) both.splice(at, 1);
    both.push(write);
  }
  return both;
}

function isRoomFor<Write>(
  effect: TransactionLoad<Write>,
  beside: readonly BesideWrite[],
  { writesMax, bytesMax }: CommitBounds<Write>,
): boolean {
  const bytes = beside.reduce((sum, write) => sum + jsonBytes(write) + BESIDE_OVERHEAD_BYTES, 0);
  return effect.writes.length + beside.length <= writesMax && effect.bytes + bytes <= bytesMax;
}

const sequenceOf = (write: BesideWrite): number | undefined =>
  write.kind === "record"
    ? undefined
    : write.kind === "park"
      ? write.message.sequence
      : write.sequence;

const isSameItem = (a: BesideWrite, b: BesideWrite): boolean =>
  sequenceOf(a) !== undefined && sequenceOf(a) === sequenceOf(b);
