/**
 * Where a consumer begins a stream that it has never seen.
 */
import { Failure } from "#kernel/failure";
import { begun } from "../head/head-transitions.ts";
import type { Head } from "../head/head.ts";
import type { Arrival } from "./arrival.ts";

/**
 * `first`: with sequence 1, which has to come or be redelivered. `latest`: with the smallest
 * sequence of the batch that brings its first message. A number: with that sequence.
 */
export type StartAt = "first" | "latest" | number;

/** @throws Failure `misconfigured` for anything else. */
export function startAt(given: StartAt = "first"): StartAt {
  const holds =
    given === "first" || given === "latest" || (Number.isSafeInteger(given) && given >= 1);
  if (holds) return given;
  const must = '"first", "latest" or an integer >= 1';
  throw new Failure("misconfigured", "reject", `startAt must be ${must}; received ${given}.`);
}

/** The head as it is, or for a stream that was never begun, as it begins. */
export function startOf({
  head,
  arrivals,
  startAt: from,
}: {
  readonly head: Head;
  readonly arrivals: readonly Arrival[];
  readonly startAt: StartAt;
}): Head {
  if (from === "first" || isBegun(head)) return head;
  if (from !== "latest") return begun(head, from - 1);
  // What is about to be refused says nothing about where the stream is.
  const sequences = arrivals.flatMap(({ content, record, groupExpected }) =>
    content.kind === "message" && record.group === groupExpected ? [content.message.sequence] : [],
  );
  return sequences.length === 0 ? head : begun(head, Math.min(...sequences) - 1);
}

/** A decision, or a stray message, may have been put on record before the first message came. */
const isBegun = ({ startedAfter, last, parked }: Head): boolean =>
  startedAfter !== undefined || last > 0 || parked.length > 0;
