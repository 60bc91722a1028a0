/**
 * What may not run yet is stored with the head: its pointer in it, its body there or beside it.
 */
import type { Failure } from "#kernel/failure";
import type { Message } from "../envelope/envelope.ts";
import type { BesideWrite } from "../head/head-store.ts";
import * as heads from "../head/head-transitions.ts";
import type { Head, ParkedMessage } from "../head/head.ts";
import type { MessageArrival } from "./arrival.ts";
import type { PlanScope } from "./plan-scope.ts";

/** Parked bodies that are read at once. */
const BODIES_AT_ONCE = 50;

export function park<Held, Write>(
  scope: PlanScope<Held, Write>,
  { arrival, message }: MessageArrival,
): void {
  const { draft, fates } = scope;
  const reason = draft.head().status === "running" ? "early" : "halted";
  const stored = parkedIn(scope, draft.head(), message, reason);
  if (stored === undefined) return bury(scope, arrival);
  draft.move(stored.head, { beside: stored.beside });
  const kind = reason === "early" ? "early" : "behind-halt";
  fates.push({ kind, arrival, durableAfter: draft.commitsSoFar() });
}

/**
 * In the queue it would stand before the decision, or the missing message, that frees the stream,
 * until SQS dead-letters it without a cause. From the dead letters it is redriven, in order.
 */
function bury<Held, Write>(
  { draft, fates, input }: PlanScope<Held, Write>,
  arrival: MessageArrival["arrival"],
): void {
  const cause =
    `parking-full: the stream parks ${input.settings.parkedMax} messages already; ` +
    "redrive when it runs again";
  fates.push({ kind: "refused", arrival, durableAfter: draft.commitsSoFar(), cause });
}

/** Takes the place of what is parked at its sequence. Undefined: the stream may park no more. */
export function parkedIn<Held, Write>(
  { input: { now, settings }, parkedNow }: PlanScope<Held, Write>,
  head: Head,
  message: Message,
  reason: ParkedMessage["reason"],
): { readonly head: Head; readonly beside: readonly BesideWrite[] } | undefined {
  const parking = heads.parked(head, message, { reason, at: now }, settings);
  if (parking === undefined) return undefined;
  parkedNow.set(message.sequence, message);
  if (parking.isBeside) return { head: parking.head, beside: [{ kind: "park", message }] };
  const replaced = head.parked.filter(({ sequence }) => sequence === message.sequence);
  return { head: parking.head, beside: unparked(replaced) };
}

/** Removes the bodies that are beside the head. */
export const unparked = (entries: readonly ParkedMessage[]): readonly BesideWrite[] =>
  entries
    .filter(({ message }) => message === undefined)
    .map(({ sequence }) => ({ kind: "unpark", sequence }));

/** Undefined: it has to be read first. */
export function bodyOf<Held, Write>(
  scope: PlanScope<Held, Write>,
  { sequence, message }: ParkedMessage,
): Message | Failure | undefined {
  const body = message ?? scope.parkedNow.get(sequence) ?? scope.input.bodies.get(sequence);
  if (body === undefined) {
    scope.want = { kind: "bodies", of: besideFrom(scope.draft.head(), sequence) };
  }
  return body;
}

/** Those of the contiguous run from here on whose bodies are beside the head. */
function besideFrom({ parked }: Head, sequence: number): readonly number[] {
  return parked
    .filter((entry) => entry.sequence >= sequence)
    .filter((entry, index) => entry.sequence === sequence + index && entry.message === undefined)
    .slice(0, BODIES_AT_ONCE)
    .map((entry) => entry.sequence);
}
