/**
 * One face for both kinds of handler, so that the plan of a batch need not know which kind it runs.
 */
import { Failure, isFailure } from "#kernel/failure";
import type { Json } from "#kernel/json";
import type { DurationMs, EpochMs } from "#kernel/units";
import type { Message } from "../envelope/envelope.ts";
import { jsonBytes } from "../envelope/size.ts";
import type { Head } from "../head/head.ts";
import type { Delivery, Effect, EffectsHandler, ExternalHandler, FoldHandler } from "./handler.ts";

/** What the next message is handled against, and how far it can be believed. */
export type Memory<Held> =
  | { readonly kind: "absent" }
  /**
   * From an earlier batch: another writer may have outdated it, so a failure it leads to proves
   * nothing.
   */
  | { readonly kind: "cached"; readonly held: Held }
  /** Read for this batch, or part of the head itself. */
  | { readonly kind: "fresh"; readonly held: Held }
  /** Loading it failed, which is the failure of the message it was loaded for. */
  | { readonly kind: "failed"; readonly failure: Failure };

export type Handling<Held, Write> = {
  /** What was applied can be forgotten, because the state is all there is. */
  readonly canRewind: boolean;
  /** For a handler that calls somebody else: how long one call has before another may begin. */
  readonly leaseMs?: DurationMs;
  /** What the head itself holds; undefined where `load` has to read it. */
  recall(head: Head): Memory<Held> | undefined;
  load(stream: string): Promise<Held>;
  handle(held: Held, message: Message, delivery: Delivery): Effect<Held, Write>;
  startedAt(held: Held): EpochMs | undefined;
  /** The head with what it keeps of `held`. */
  stored(head: Head, held: Held): Head;
};

/** A fold's state lives in its head: nothing to load, nothing else to write. */
export function foldHandling<State extends Json, Write>(
  handler: FoldHandler<State>,
  stateBytesMax: number,
): Handling<State, Write> {
  const stateOf = (head: Head): State =>
    head.state === undefined ? handler.initial : (head.state as State);
  return {
    canRewind: true,
    recall: (head) => ({ kind: "fresh", held: stateOf(head) }),
    load: (stream) =>
      Promise.reject(new Failure("unexpected", "retry", `Nothing to load for stream ${stream}.`)),
    handle(state, message, delivery) {
      const next = handler.evolve(state, message, delivery);
      const bytes = jsonBytes(next);
      if (bytes > stateBytesMax) throw stateTooLarge(message, bytes, stateBytesMax);
      return { loaded: next, writes: [], closes: handler.closes?.(next) ?? false };
    },
    startedAt: () => undefined,
    stored: (head, state) => ({ ...head, state }),
  };
}

export function effectsHandling<Loaded, Write>(
  handler: EffectsHandler<Loaded, Write>,
): Handling<Loaded, Write> {
  return {
    canRewind: false,
    recall: () => undefined,
    load: (stream) => handler.load(stream),
    handle: (loaded, message, delivery) => handler.handle(loaded, message, delivery),
    startedAt: (loaded) => handler.startedAt?.(loaded),
    stored: (head) => head,
  };
}

/** 12 hours: the longest visibility timeout. Source: "Amazon SQS message quotas". */
const LEASE_MS_MAX = 43_200_000;

/**
 * Nothing is kept of a call but that it was made.
 *
 * @throws Failure `misconfigured` for a lease that ends at once, or after every visibility timeout.
 */
export function externalHandling<Write>(handler: ExternalHandler): Handling<undefined, Write> {
  const { leaseMs } = handler;
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 1 || leaseMs > LEASE_MS_MAX) {
    const must = `must be an integer from 1 to ${LEASE_MS_MAX}`;
    throw new Failure("misconfigured", "reject", `leaseMs ${must}; received ${leaseMs}.`);
  }
  return {
    canRewind: false,
    leaseMs,
    recall: () => ({ kind: "fresh", held: undefined }),
    load: () => Promise.resolve(undefined),
    handle: () => ({ loaded: undefined, writes: [] }),
    startedAt: () => undefined,
    stored: (head) => head,
  };
}

/**
 * Whatever a handler throws, as a failure: an error that says nothing of itself may pass, within
 * the bound on attempts.
 */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure("unexpected", "retry", text, { cause: error });
}

const stateTooLarge = (message: Message, bytes: number, bytesMax: number): Failure =>
  new Failure(
    "payload-too-large",
    "halt",
    `After message ${JSON.stringify(message.id)} the fold's state has ${bytes} bytes; ` +
      `at most ${bytesMax} fit its head. Keep less in it, or use an effects handler.`,
  );
