/**
 * One attempt at one message: what its handler makes of it, and the head that this leads to.
 * Nothing is written yet.
 */
import { Failure } from "#kernel/failure";
import { type EpochMs, later } from "#kernel/units";
import { failureOf, type Memory } from "../consumer/handling.ts";
import type { Message } from "../envelope/envelope.ts";
import * as heads from "../head/head-transitions.ts";
import type { Head } from "../head/head.ts";
import type { Violation } from "../violation/violation.ts";
import type { DraftedEffect } from "./commit-draft.ts";
import type { PlanInput } from "./plan-scope.ts";
import { loadOf } from "./transaction-load.ts";

export type Attempt<Held, Write> =
  /** There is nothing to handle it against, or nothing that can be believed. */
  | { readonly kind: "load" }
  /** Its data is stored elsewhere. */
  | { readonly kind: "body"; readonly message: Message }
  /** Somebody else has to be called for it first; nobody else may until then. */
  | { readonly kind: "call"; readonly message: Message; readonly until: EpochMs }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly violations: readonly Violation[];
    }
  | {
      readonly kind: "handled";
      /** With its data. */
      readonly message: Message;
      readonly head: Head;
      readonly effect: DraftedEffect<Held, Write>;
      readonly violations: readonly Violation[];
    };

export type Attempted<Held> = {
  readonly head: Head;
  readonly memory: Memory<Held>;
  readonly message: Message;
  /** It waited parked. */
  readonly isHeld: boolean;
  /** What an external handler's call for it came to. */
  readonly outcome: { readonly failure?: Failure } | undefined;
};

/** Never throws: whatever the handler throws is the message's failure. */
export function attemptMessage<Held, Write>(
  input: PlanInput<Held, Write>,
  attempted: Attempted<Held>,
): Attempt<Held, Write> {
  const { memory, head, message: given } = attempted;
  const message = wholeOf(given, input.bodies.get(given.sequence));
  if (message === undefined) return { kind: "body", message: given };
  if (message instanceof Failure) return failed(message);
  if (head.closed) return failed(afterClose(head, message));
  switch (memory.kind) {
    case "absent":
      return { kind: "load" };
    case "failed":
      return failed(memory.failure);
    case "cached":
    case "fresh":
      try {
        return attempt(input, { ...attempted, message, memory });
      } catch (error) {
        // What an outdated memory leads to proves nothing against the message.
        if (memory.kind === "cached") return { kind: "load" };
        return failed(failureOf(error));
      }
    default:
      return memory satisfies never;
  }
}

/** With its data; undefined while that has to be fetched, also from beside a parked claim check. */
function wholeOf(
  given: Message,
  fetched: Message | Failure | undefined,
): Message | Failure | undefined {
  if (given.claimCheck === undefined) return given;
  const isWhole = fetched instanceof Failure || fetched?.claimCheck === undefined;
  return isWhole ? fetched : undefined;
}

/** Undefined when nobody has to be called, or the call has been answered. */
function called<Held, Write>(
  { handling, now, settings }: PlanInput<Held, Write>,
  { head, message, outcome }: Pick<Attempted<Held>, "head" | "message" | "outcome">,
): Attempt<Held, Write> | undefined {
  if (handling.leaseMs === undefined) return undefined;
  if (outcome !== undefined) {
    return outcome.failure === undefined ? undefined : failed(outcome.failure);
  }
  const times = head.called?.sequence === message.sequence ? head.called.times : 0;
  if (times >= callsMax(settings)) return failed(neverAnswered(message, times));
  return { kind: "call", message, until: later(now, handling.leaseMs) };
}

/**
 * Calls that end are bounded by `attemptsMax`. One that ends its function is not counted there, but
 * it must halt before SQS gives the message up, after 2 x `attemptsMax` + 5 receives.
 */
const callsMax = ({ attemptsMax }: { readonly attemptsMax: number }): number => 2 * attemptsMax;

const neverAnswered = ({ id }: Message, times: number): Failure =>
  new Failure(
    "outcome-unknown",
    "halt",
    `The call for message ${JSON.stringify(id)} was begun ${times} times, and too often nobody ` +
      "lived to see its end. Find out what it does to the function, and whether it had its effect.",
  );

function attempt<Held, Write>(
  input: PlanInput<Held, Write>,
  attempted: Attempted<Held> & {
    readonly memory: Extract<Memory<Held>, { kind: "cached" | "fresh" }>;
  },
): Attempt<Held, Write> {
  const { handling, bounds, now, recovery } = input;
  const { head, memory, message, isHeld } = attempted;
  const { kind, held } = memory;
  const startedAt = startOfStream(handling, held);
  const { severity, recovery: forAnomaly } = recovery["timestamp-anomaly"];
  const anomaly = heads.timestampAnomaly(head, message, startedAt, now);
  const violations = anomaly === undefined ? [] : [{ ...anomaly, severity }];
  const isNew = anomaly !== undefined && !heads.isFiled(head, anomaly);
  if (isNew && forAnomaly.kind === "strict-halt") {
    const cause = `timestamp-anomaly: ${anomaly.expected}; received ${anomaly.actual}`;
    return { kind: "failed", failure: new Failure("conflict", "halt", cause), violations };
  }
  const awaited = called(input, attempted);
  if (awaited !== undefined) return awaited;

  const effect = handling.handle(held, message, { now, held: isHeld });
  const load = loadOf(message, effect.writes, bounds);
  const stored = handling.stored(heads.applied(head, message, startedAt), effect.loaded);
  const filed = isNew ? violations.reduce(heads.filed, stored) : stored;
  return {
    kind: "handled",
    message,
    head: effect.closes ? heads.closed(filed) : filed,
    effect: { memory: { kind, held: effect.loaded }, load },
    violations: isNew ? violations : [],
  };
}

/** @throws Failure when the handler answers what no head can keep. */
function startOfStream<Held, Write>(
  handling: PlanInput<Held, Write>["handling"],
  held: Held,
): EpochMs | undefined {
  const at = handling.startedAt(held);
  if (at === undefined || Number.isFinite(at)) return at;
  const received = `"startedAt" of the handler must answer an instant; received ${String(at)}.`;
  throw new Failure("misconfigured", "halt", received);
}

const failed = (failure: Failure): Attempt<never, never> => ({
  kind: "failed",
  failure,
  violations: [],
});

/** It was parked before its stream was closed. */
const afterClose = ({ last }: Head, { id }: Message): Failure =>
  new Failure(
    "conflict",
    "halt",
    `Message ${JSON.stringify(id)} follows sequence ${last}, which closed the stream.`,
  );
