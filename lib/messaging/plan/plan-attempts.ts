/**
 * Messages whose turn it is: handled one by one, released in a row where they were parked, and when
 * one fails, counted or halted at.
 */
import { Failure } from "#kernel/failure";
import type { Message } from "../envelope/envelope.ts";
import { idHash } from "../head/classify.ts";
import * as heads from "../head/head-transitions.ts";
import type { Halt, Head, ParkedMessage } from "../head/head.ts";
import { filing } from "../violation/violation-filing.ts";
import type { MessageArrival } from "./arrival.ts";
import type { Along } from "./commit-draft.ts";
import { type Attempt, attemptMessage } from "./message-attempt.ts";
import { bodyOf, park, unparked } from "./plan-parking.ts";
import { giveBack, isWaiting, type PlanScope } from "./plan-scope.ts";

export function applyNext<Held, Write>(
  scope: PlanScope<Held, Write>,
  { arrival, message }: MessageArrival,
): void {
  const { draft, fates, input } = scope;
  if (scope.isBlocked) return giveBack(scope, arrival, "attempt-failed");
  const attempt = attempted(scope, message, false);
  switch (attempt.kind) {
    case "handled":
      draft.apply(attempt.head, attempt.effect, filing(attempt.violations, input));
      fates.push({ kind: "applied", arrival, durableAfter: draft.commitsSoFar() });
      return release(scope);
    case "failed":
      fail(scope, culprit(message), attempt);
      return scope.isBlocked
        ? giveBack(scope, arrival, "attempt-failed")
        : park(scope, { arrival, message });
    case "load":
    case "body":
    case "call":
      return wait(scope, attempt);
    default:
      attempt satisfies never;
  }
}

/** Applies the contiguous run of parked messages at the position. */
export function release<Held, Write>(scope: PlanScope<Held, Write>): void {
  const { draft, input } = scope;
  for (let next = releasable(scope); next !== undefined; next = releasable(scope)) {
    const body = bodyOf(scope, next);
    if (body === undefined) break;
    const attempt: Attempt<Held, Write> =
      body instanceof Failure
        ? { kind: "failed", failure: body, violations: [] }
        : attempted(scope, body, true);
    if (attempt.kind === "handled") {
      const { facts = [], beside = [] } = filing(attempt.violations, input);
      draft.apply(attempt.head, attempt.effect, {
        facts: [{ kind: "released", message: attempt.message, parkedAt: next.parkedAt }, ...facts],
        beside: [...unparked([next]), ...beside],
      });
    } else if (attempt.kind === "failed") {
      // What is sent again parks anew, where a pointer would make it a duplicate.
      if (isLost(body)) draft.move(heads.forgotten(draft.head(), next));
      fail(scope, body instanceof Failure ? unread(next, body) : culprit(body), attempt);
    } else wait(scope, attempt);
  }
  resume(scope);
}

/**
 * Undefined also once something failed, so that every round of the loop above applies a message or
 * ends it.
 */
function releasable<Held, Write>(scope: PlanScope<Held, Write>): ParkedMessage | undefined {
  const { status, last, parked } = scope.draft.head();
  const first = parked[0];
  const mayRun = status !== "halted" && !scope.isBlocked && !isWaiting(scope);
  return mayRun && first?.sequence === last + 1 ? first : undefined;
}

const isLost = (body: Message | Failure): boolean =>
  body instanceof Failure && body.code === "not-found";

/** All that was parked in a row is applied. */
function resume<Held, Write>(scope: PlanScope<Held, Write>): void {
  const { draft } = scope;
  const head = draft.head();
  if (head.status !== "draining" || scope.isBlocked || isWaiting(scope)) return;
  const fact = { kind: "stream-resumed", stream: head.stream } as const;
  draft.move({ ...head, status: "running" }, { facts: [fact] });
}

function attempted<Held, Write>(
  { input, draft, failedCalls }: PlanScope<Held, Write>,
  message: Message,
  isHeld: boolean,
): Attempt<Held, Write> {
  const { sequence } = message;
  const outcome = failedCalls.has(sequence) ? undefined : input.outcomes.get(sequence);
  return attemptMessage(input, {
    head: draft.head(),
    memory: draft.memory(),
    message,
    isHeld,
    outcome,
  });
}

function wait<Held, Write>(
  scope: PlanScope<Held, Write>,
  attempt: Extract<Attempt<Held, Write>, { kind: "load" | "body" | "call" }>,
): void {
  switch (attempt.kind) {
    case "load":
      scope.want = { kind: "load" };
      return;
    case "body":
      scope.want = { kind: "bodies", of: [attempt.message] };
      return;
    case "call": {
      const { draft, input } = scope;
      const { until, message } = attempt;
      const claim = { sequence: message.sequence, owner: input.owner, until };
      draft.move(heads.claimed(draft.head(), message, claim));
      scope.call = message;
      return;
    }
    default:
      attempt satisfies never;
  }
}

/** Whom the stream is halted for. */
type Culprit = Required<Pick<Halt, "sequence" | "messageId" | "hash">>;

const culprit = (message: Message): Culprit => ({
  sequence: message.sequence,
  messageId: message.id,
  hash: idHash(message),
});

/** What is gone is not what comes in its place. */
const unread = ({ sequence, hash }: ParkedMessage, body: Failure): Culprit => ({
  sequence,
  messageId: "",
  hash: isLost(body) ? "" : hash,
});

function fail<Held, Write>(
  scope: PlanScope<Held, Write>,
  { sequence, ...named }: Culprit,
  { failure, violations }: Extract<Attempt<Held, Write>, { kind: "failed" }>,
): void {
  const { draft, input } = scope;
  const { now, settings } = input;
  const head = heads.attempted(violations.reduce(heads.filed, draft.head()));
  const { facts = [], beside = [] } = filing(violations, input);
  scope.failedCalls.add(sequence);
  const { stream, attempts: attempt } = head;
  if (failure.action === "retry" && attempt < settings.attemptsMax) {
    scope.isBlocked = true;
    const fact = { kind: "attempt-failed", stream, sequence, attempt, error: failure } as const;
    draft.move(head, { facts: [...facts, fact], beside });
    return;
  }
  const used = failure.action === "retry" ? ` (attempt ${attempt}, the last)` : "";
  const message = `${failure.message}${used}`;
  halt(
    scope,
    head,
    { sequence, ...named, code: failure.code, message, at: now },
    {
      facts,
      beside,
    },
  );
}

/** In one commit with what led to it, so that neither is ever seen without the other. */
export function halt<Held, Write>(
  { draft }: PlanScope<Held, Write>,
  head: Head,
  cause: Halt,
  { facts = [], beside = [] }: Along = {},
): void {
  const halted = heads.halted(head, cause);
  const told = halted.halt ?? cause;
  draft.move(halted, {
    facts: [...facts, { kind: "stream-halted", stream: head.stream, halt: told }],
    beside: [...beside, { kind: "record", record: { kind: "halt", at: cause.at, halt: told } }],
  });
}
