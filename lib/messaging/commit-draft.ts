/**
 * The commits of one plan in the making: head and writes grow message by message, and a commit is
 * closed as soon as the next message's writes would not fit the store's transaction with it. Each
 * commit moves the position.
 */
import type { ConsumerEvent } from "./consumer-event.ts";
import type { Memory } from "./handling.ts";
import type { Head } from "./head.ts";
import type { CommitBounds } from "./head-store.ts";
import { emptyLoad, joined, type TransactionLoad } from "./transaction-load.ts";

/** True, and told, as soon as the commit has taken effect. */
export type Fact =
  | Extract<ConsumerEvent, { kind: "stream-halted" | "violation-filed" | "attempt-failed" }>
  | { readonly kind: "released" };

export type PlannedCommit<Held, Write> = {
  readonly head: Head;
  readonly writes: readonly Write[];
  /** What the stream's next message is handled against after this commit. */
  readonly memory: Memory<Held>;
  readonly facts: readonly Fact[];
};

export type DraftedEffect<Held, Write> = {
  readonly memory: Memory<Held>;
  /** Its writes, known to fit a transaction. */
  readonly load: TransactionLoad<Write>;
};

export type CommitDraft<Held, Write> = {
  /** As it stands with everything drafted so far. */
  head(): Head;
  memory(): Memory<Held>;
  /** A change of the head alone. */
  move(head: Head, ...facts: readonly Fact[]): void;
  /** A message's effect, with the head that it leads to. */
  apply(head: Head, effect: DraftedEffect<Held, Write>, ...facts: readonly Fact[]): void;
  /** How many commits have to succeed until everything drafted so far is durable. */
  commitsSoFar(): number;
  finish(): readonly PlannedCommit<Held, Write>[];
};

/** @param seal the last touch to a commit's head; its version is set here. */
export function commitDraft<Held, Write>(
  base: Head,
  memoryAtStart: Memory<Held>,
  bounds: CommitBounds<Write>,
  seal: (head: Head) => Head,
): CommitDraft<Held, Write> {
  const closed: PlannedCommit<Held, Write>[] = [];
  let head = base;
  let memory = memoryAtStart;
  let load: TransactionLoad<Write> = emptyLoad;
  let facts: Fact[] = [];
  let isOpen = false;

  const close = (): void => {
    if (!isOpen) return;
    const sealed = { ...seal(head), version: base.version + closed.length + 1 };
    closed.push({ head: sealed, writes: load.writes, memory, facts });
    load = emptyLoad;
    facts = [];
    isOpen = false;
  };

  const move = (next: Head, ...noted: readonly Fact[]): void => {
    head = next;
    facts.push(...noted);
    isOpen = true;
  };

  return {
    head: () => head,
    memory: () => memory,
    move,
    apply(next, effect, ...noted) {
      const together = joined(load, effect.load, bounds);
      if (together === undefined) close();
      load = together ?? effect.load;
      memory = effect.memory;
      move(next, ...noted);
    },
    commitsSoFar: () => closed.length + (isOpen ? 1 : 0),
    finish() {
      close();
      return closed;
    },
  };
}
