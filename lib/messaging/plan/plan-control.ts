/**
 * Control messages in their turn: a decision takes effect, or is refused with its reason, in one
 * commit with its record; a tick is the occasion to do what is due.
 */
import { Failure } from "#kernel/failure";
import type { Control, Decision } from "../control/control.ts";
import { decide } from "../control/decisions.ts";
import type { BesideWrite } from "../head/head-store.ts";
import * as heads from "../head/head-transitions.ts";
import type { Head, SequenceRange } from "../head/head.ts";
import { recoverGap } from "../violation/gap-recovery.ts";
import type { Arrival } from "./arrival.ts";
import { halt, release } from "./plan-attempts.ts";
import { bodyOf, parkedIn, unparked } from "./plan-parking.ts";
import { isWaiting, type PlanScope } from "./plan-scope.ts";
import { emptyLoad } from "./transaction-load.ts";

export function takeControl<Held, Write>(
  scope: PlanScope<Held, Write>,
  arrival: Arrival,
  control: Control,
): void {
  const { fates } = scope;
  if (arrival.record.group !== arrival.groupExpected) {
    const cause = `partition-mismatch: a control message of group "${arrival.groupExpected}"`;
    fates.push({ kind: "refused", arrival, durableAfter: 0, cause });
    return;
  }
  const durableAfter = control.kind === "tick" ? tick(scope) : decideOnce(scope, control);
  if (durableAfter !== undefined) fates.push({ kind: "decided", arrival, durableAfter });
}

/** Answers how many commits have to succeed for it; undefined: something has to be read first. */
function decideOnce<Held, Write>(
  scope: PlanScope<Held, Write>,
  decision: Decision,
): number | undefined {
  const { input, draft } = scope;
  if (input.head.controls.includes(decision.id)) return 0;
  if (draft.head().controls.includes(decision.id)) return draft.commitsSoFar();
  return decideNow(scope, decision);
}

type Decided = {
  readonly head: Head;
  readonly refused?: string;
  readonly skipped?: SequenceRange;
  readonly beside: readonly BesideWrite[];
};

function decideNow<Held, Write>(
  scope: PlanScope<Held, Write>,
  decision: Decision,
): number | undefined {
  const { input, draft } = scope;
  const { now, handling } = input;
  const { stream } = draft.head();
  const decided = decidedHead(scope, decision);
  if (decided === undefined) return undefined;
  const { refused: why, skipped, beside } = decided;
  const refused = why === undefined ? {} : { refused: why };
  const left = skipped === undefined ? {} : { skipped };
  const isRewound = decision.kind === "rewind" && why === undefined;
  const from = isRewound ? { rewoundFrom: draft.head().last } : {};
  const record = { kind: "decision", at: now, decision, ...refused, ...left, ...from } as const;
  const head = heads.decidedOn(decided.head, decision.id);
  // A fold that was rewound goes on from what its head holds now.
  const memory = handling.recall(head) ?? draft.memory();
  draft.apply(
    head,
    { memory, load: emptyLoad },
    {
      facts: [
        { kind: "decided", stream, decision, ...refused },
        ...(skipped === undefined ? [] : [{ kind: "skipped", stream, range: skipped } as const]),
      ],
      beside: [{ kind: "record", record }, ...beside],
    },
  );
  // The drain that follows may take many commits more.
  const durableAfter = draft.commitsSoFar();
  // What failed at the position before is not at the position any more.
  if (skipped !== undefined || isRewound) scope.isBlocked = false;
  // What is missing now has not been waited for yet, even where the same was missing before.
  if (isRewound) scope.deadlinesFrom = head;
  if (skipped !== undefined) leaveOut(scope, skipped);
  release(scope);
  return durableAfter;
}

/** What of this batch was to come again has been left out meanwhile: it is done with. */
function leaveOut<Held, Write>(scope: PlanScope<Held, Write>, { from, to }: SequenceRange): void {
  const { fates, draft } = scope;
  for (const [index, { kind, arrival }] of fates.entries()) {
    const { content } = arrival;
    if (kind !== "returned" || content.kind !== "message") continue;
    const { sequence } = content.message;
    if (sequence < from || sequence > to) continue;
    fates[index] = { kind: "late", arrival, durableAfter: draft.commitsSoFar() };
  }
}

/** Undefined: a body has to be read first. */
function decidedHead<Held, Write>(
  scope: PlanScope<Held, Write>,
  decision: Decision,
): Decided | undefined {
  const head = scope.draft.head();
  const refused = (why: string): Decided => ({ head, refused: why, beside: [] });
  const outcome = decide(head, decision, scope.input.handling.canRewind);
  if (outcome.kind === "refused") return refused(outcome.why);
  const { skipped, replacement } = outcome;
  if (skipped !== undefined) {
    const gone = head.parked.filter(({ sequence }) => sequence <= skipped.to);
    return { head: outcome.head, skipped, beside: unparked(gone) };
  }
  if (replacement === undefined) return { head: outcome.head, beside: [] };
  const body = bodyOf(scope, replacement.parked);
  if (body === undefined) return undefined;
  if (body instanceof Failure) return refused(body.message);
  const { claimCheck: _, ...rest } = body;
  const stored = parkedIn(scope, outcome.head, { ...rest, ...replacement.content }, "halted");
  return stored ?? refused("the stream may park no more");
}

/** As `decideOnce`. What waits at the position has been released already. */
function tick<Held, Write>(scope: PlanScope<Held, Write>): number | undefined {
  recoverDueGap(scope);
  return isWaiting(scope) ? undefined : scope.draft.commitsSoFar();
}

function recoverDueGap<Held, Write>(scope: PlanScope<Held, Write>): void {
  const { input, draft, deadlinesFrom: from } = scope;
  const { now, recovery } = input;
  const isDue = from.dueAt !== undefined && from.dueAt <= now;
  // A gap that this plan has come upon, or has dealt with, has its deadline before it.
  const isOfGap = from.status === "running" && heads.isSameGap(draft.head(), from);
  if (!isDue || !isOfGap || scope.isBlocked) return;
  const step = recoverGap(draft.head(), recovery, now);
  switch (step.kind) {
    case "none":
      return;
    case "moved":
      draft.move(step.head, step.along);
      return release(scope);
    case "halt":
      return halt(scope, step.head, step.halt, step.along);
    default:
      step satisfies never;
  }
}
