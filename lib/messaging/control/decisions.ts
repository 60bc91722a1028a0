/**
 * What a control message does to a head: pure, and refused in words where it does not fit the
 * stream as it stands, so that a decision about yesterday's halt changes nothing today.
 */
import type { Message } from "../envelope/envelope.ts";
import { causeOf } from "../head/halt-cause.ts";
import * as heads from "../head/head-transitions.ts";
import type { Head, ParkedMessage, SequenceRange } from "../head/head.ts";
import type { Decision } from "./control.ts";

export type Outcome =
  | { readonly kind: "refused"; readonly why: string }
  | {
      readonly kind: "decided";
      readonly head: Head;
      readonly skipped?: SequenceRange;
      /** New content for the message that halted the stream. */
      readonly replacement?: {
        readonly parked: ParkedMessage;
        readonly content: Pick<Message, "data"> & { readonly type?: string };
      };
    };

/** @param canRewind whether the handler is a fold. */
export function decide(head: Head, decision: Decision, canRewind: boolean): Outcome {
  switch (decision.kind) {
    case "retry":
      return atHalt(head, decision.sequence, () => ({
        kind: "decided",
        head: heads.draining(head),
      }));
    case "skip":
      return skip(head, decision.sequence);
    case "replace":
      return atHalt(head, decision.sequence, () => replace(head, decision));
    case "rewind":
      return canRewind
        ? { kind: "decided", head: heads.rewound(head) }
        : refused("only a fold can be rewound: effects that were written stay written");
    default:
      return decision satisfies never;
  }
}

function atHalt({ status, halt }: Head, sequence: number, act: () => Outcome): Outcome {
  if (status !== "halted" || halt === undefined) return refused(`the stream is ${status}`);
  if (halt.sequence === sequence) return act();
  return refused(`the stream is halted at sequence ${halt.sequence}, not at ${sequence}`);
}

/** The message that halted the stream, or missing ones up to the first parked. */
function skip(head: Head, sequence: number): Outcome {
  const from = head.last + 1;
  const first = head.parked[0]?.sequence;
  const isAtHalt = head.status === "halted" && head.halt?.sequence === sequence;
  const isMissing = first !== undefined && sequence < first;
  if (isAtHalt && first === undefined) {
    return refused(`sequence ${sequence} is not here: wait until it comes, or retry`);
  }
  if (isAtHalt && first === sequence && causeOf(head) === undefined)
    return refused(hasCome(sequence));
  if (sequence < from || !((isAtHalt && first === sequence) || isMissing)) {
    return refused(`sequence ${sequence} neither halts the stream nor is it missing`);
  }
  const skipped = { from, to: sequence };
  const after = heads.skipped(head, skipped);
  return {
    kind: "decided",
    head: head.status === "halted" ? heads.draining(after) : after,
    skipped,
  };
}

function replace(
  head: Head,
  { sequence, type, data }: Extract<Decision, { kind: "replace" }>,
): Outcome {
  const parked = head.parked.find((entry) => entry.sequence === sequence);
  if (parked === undefined) {
    return refused(`sequence ${sequence} is missing: resend it, or skip it`);
  }
  if (causeOf(head) === undefined) return refused(hasCome(sequence));
  const content = type === undefined ? { data } : { type, data };
  return { kind: "decided", head: heads.draining(head), replacement: { parked, content } };
}

const hasCome = (sequence: number): string =>
  `sequence ${sequence} has come since, and is not what halted the stream: retry`;

const refused = (why: string): Outcome => ({ kind: "refused", why });
