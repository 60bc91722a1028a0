/**
 * What one batch does to one stream: classify, handle, and draft the commits, before anything is
 * written. No I/O, so that after a lost race the same messages are simply planned again against the
 * head that won.
 */
import { later } from "#kernel/units";
import { type Classification, classify, idHash } from "../head/classify.ts";
import * as heads from "../head/head-transitions.ts";
import { filing, refusalOf } from "../violation/violation-filing.ts";
import type { Violation } from "../violation/violation.ts";
import type { Arrival, MessageArrival } from "./arrival.ts";
import { applyNext, halt, release } from "./plan-attempts.ts";
import { takeControl } from "./plan-control.ts";
import { park } from "./plan-parking.ts";
import {
  giveBack,
  isWaiting,
  type Plan,
  type PlanInput,
  type PlanScope,
  planScope,
} from "./plan-scope.ts";

export function planStream<Held, Write>(input: PlanInput<Held, Write>): Plan<Held, Write> {
  const scope = planScope(input);
  const { draft, fates } = scope;
  if (isClaimedByAnother(input)) {
    for (const arrival of input.arrivals) setAside(scope, arrival);
    return { kind: "planned", commits: [], fates };
  }
  // What waits at the position may run; what failed the last time not before it is due, or every
  // duplicate would use up an attempt.
  if (mayTryAgain(input)) release(scope);
  for (const arrival of inTurn(input.arrivals)) {
    if (isWaiting(scope)) break;
    place(scope, arrival);
  }
  settleTwins(scope);
  const { want, call } = scope;
  // Once a transaction is full, what is in it need not wait for more bodies: the invocation has an
  // end, and the sandbox's memory too.
  const isFull = want?.kind === "bodies" && draft.commitsSoFar() > 1;
  if (want !== undefined && !isFull) return want;
  const planned = { kind: "planned", commits: draft.finish(), fates } as const;
  if (want !== undefined) return { ...planned, next: want };
  return call === undefined ? planned : { ...planned, next: { kind: "call", message: call } };
}

/** What is due later than any attempt can be was written by a clock ahead of this one. */
function mayTryAgain<Held, Write>({ head, now, settings }: PlanInput<Held, Write>): boolean {
  const { attempts, dueAt } = head;
  if (attempts === 0 || dueAt === undefined) return true;
  return dueAt <= now || dueAt > later(now, settings.retryDelayMs);
}

function isClaimedByAnother<Held, Write>({ head, owner, now }: PlanInput<Held, Write>): boolean {
  const { claim } = head;
  return claim !== undefined && claim.owner !== owner && claim.until > now;
}

/** Another one holds the claim, and is the only one to write: what the head has already is done. */
function setAside<Held, Write>(scope: PlanScope<Held, Write>, arrival: Arrival): void {
  const kind = doneAs(scope.input, arrival);
  if (kind === undefined) return giveBack(scope, arrival, "claimed-by-another");
  scope.fates.push({ kind, arrival, durableAfter: 0 });
}

/** Undefined: something has to be written for it. */
function doneAs<Held, Write>(
  input: PlanInput<Held, Write>,
  { content, record, groupExpected }: Arrival,
): "duplicate" | "late" | "decided" | undefined {
  const { head } = input;
  if (content.kind === "control") {
    return head.controls.includes(content.control.id) ? "decided" : undefined;
  }
  const { message } = content;
  const found = classify(head, message, record.group, groupExpected);
  if (found.kind === "duplicate") return "duplicate";
  if (found.kind === "before-start") return "late";
  if (found.kind !== "late") return undefined;
  return heads.isFiled(head, refusalOf(message, found, input).violation) ? "late" : undefined;
}

function place<Held, Write>(scope: PlanScope<Held, Write>, arrival: Arrival): void {
  const { content, record, groupExpected } = arrival;
  if (content.kind === "control") return takeControl(scope, arrival, content.control);
  const { draft } = scope;
  const { message } = content;
  const found = classify(draft.head(), message, record.group, groupExpected);
  switch (found.kind) {
    case "next":
      return draft.head().status === "running"
        ? applyNext(scope, { arrival, message })
        : park(scope, { arrival, message });
    case "early":
      return park(scope, { arrival, message });
    case "duplicate":
      return settle(scope, arrival, "duplicate");
    case "before-start":
      return settle(scope, arrival, "late");
    case "late":
      return leftOut(scope, { arrival, message }, found);
    case "conflict":
    case "partition-mismatch":
    case "after-close":
      return refuse(scope, { arrival, message }, found);
    default:
      found satisfies never;
  }
}

/** What was to come again, and stands in the head by now through another copy, is done with. */
function settleTwins<Held, Write>({ draft, fates }: PlanScope<Held, Write>): void {
  for (const [index, { kind, arrival }] of fates.entries()) {
    const { content, record, groupExpected } = arrival;
    if (kind !== "returned" || content.kind !== "message") continue;
    const found = classify(draft.head(), content.message, record.group, groupExpected);
    if (found.kind !== "duplicate") continue;
    fates[index] = { kind: "duplicate", arrival, durableAfter: draft.commitsSoFar() };
  }
}

type Found = Extract<Classification, { expected: string }>;

function refuse<Held, Write>(
  scope: PlanScope<Held, Write>,
  at: MessageArrival,
  found: Found,
): void {
  bury(scope, at, file(scope, at, found));
}

function bury<Held, Write>(
  { draft, fates }: PlanScope<Held, Write>,
  { arrival }: MessageArrival,
  { kind, expected, actual }: Violation,
): void {
  const cause = `${kind}: ${expected}; received ${actual}`;
  fates.push({ kind: "refused", arrival, durableAfter: draft.commitsSoFar(), cause });
}

/** Of a sequence that a decision left out. */
function leftOut<Held, Write>(
  scope: PlanScope<Held, Write>,
  at: MessageArrival,
  found: Found,
): void {
  const { draft } = scope;
  // A rival that could not be dead-lettered before its sequence was left out is still a rival.
  const { sequence, id } = at.message;
  const conflict = draft
    .head()
    .violations.find(
      (filed) =>
        filed.kind === "sequence-conflict" && filed.sequence === sequence && filed.messageId === id,
    );
  if (conflict !== undefined) return bury(scope, at, conflict);
  file(scope, at, found);
  settle(scope, at.arrival, "late");
}

/** Durable already when the head as read says so, whatever becomes of this plan's commits. */
function settle<Held, Write>(
  { input, draft, fates }: PlanScope<Held, Write>,
  arrival: Arrival,
  kind: "duplicate" | "late",
): void {
  const durableAfter = doneAs(input, arrival) === kind ? 0 : draft.commitsSoFar();
  fates.push({ kind, arrival, durableAfter });
}

/** Once: what comes again, or is redriven, neither files nor halts again. */
function file<Held, Write>(
  scope: PlanScope<Held, Write>,
  { message }: MessageArrival,
  found: Found,
) {
  const { draft, input } = scope;
  const { violation, recovery } = refusalOf(message, found, input);
  const head = draft.head();
  if (heads.isFiled(head, violation)) return violation;
  const filed = heads.filed(head, violation);
  const along = filing([violation], input);
  if (recovery === "strict-halt" && head.status !== "halted") {
    const { kind, expected, actual, messageId, at } = violation;
    const cause = `${expected}; received ${actual}`;
    const sequence = head.last + 1;
    const hash = idHash(message);
    halt(scope, filed, { sequence, messageId, hash, code: kind, message: cause, at }, along);
  } else draft.move(filed, along);
  return violation;
}

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
