/**
 * One attempt at one message: what its handler makes of it, and the head that this leads to.
 * Nothing is written yet.
 */
import type { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { DraftedEffect, Fact } from "./commit-draft.ts";
import type { Message } from "./envelope.ts";
import { failureOf, type Handling, type Memory } from "./handling.ts";
import type { Head } from "./head.ts";
import type { CommitBounds } from "./head-store.ts";
import { applied, filed, timestampAnomaly } from "./head-transitions.ts";
import { loadOf } from "./transaction-load.ts";

export type Attempt<Held, Write> =
  /** There is nothing to handle it against, or nothing that can be believed. */
  | { readonly kind: "load" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | {
      readonly kind: "handled";
      readonly head: Head;
      readonly effect: DraftedEffect<Held, Write>;
      readonly facts: readonly Fact[];
    };

export type AttemptInput<Held, Write> = {
  readonly head: Head;
  readonly memory: Memory<Held>;
  readonly message: Message;
  /** It waited parked. */
  readonly isHeld: boolean;
  readonly now: EpochMs;
  readonly handling: Handling<Held, Write>;
  readonly bounds: CommitBounds<Write>;
};

/** Never throws: whatever the handler throws is the message's failure. */
export function attemptMessage<Held, Write>(
  input: AttemptInput<Held, Write>,
): Attempt<Held, Write> {
  const { memory } = input;
  switch (memory.kind) {
    case "absent":
      return { kind: "load" };
    case "failed":
      return { kind: "failed", failure: memory.failure };
    case "cached":
    case "fresh":
      try {
        return handled(input, memory);
      } catch (error) {
        // What an outdated memory leads to proves nothing against the message.
        if (memory.kind === "cached") return { kind: "load" };
        return { kind: "failed", failure: failureOf(error) };
      }
    default:
      return memory satisfies never;
  }
}

function handled<Held, Write>(
  { head, message, isHeld, now, handling, bounds }: AttemptInput<Held, Write>,
  { kind, held }: Extract<Memory<Held>, { kind: "cached" | "fresh" }>,
): Attempt<Held, Write> {
  const { loaded, writes } = handling.handle(held, message, { now, held: isHeld });
  const load = loadOf(message, writes, bounds);
  const startedAt = handling.startedAt(held);
  const after = handling.stored(applied(head, message, startedAt), loaded);
  const anomaly = timestampAnomaly(head, message, startedAt, now);
  return {
    kind: "handled",
    head: anomaly === undefined ? after : filed(after, anomaly),
    effect: { memory: { kind, held: loaded }, load },
    facts:
      anomaly === undefined
        ? []
        : [{ kind: "violation-filed", stream: head.stream, violation: anomaly }],
  };
}
