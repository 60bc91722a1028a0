/**
 * Numbers what a decision adds to a stream: the next commit, and sequences that follow on without a
 * gap.
 */
import { Failure } from "#kernel/failure";
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { Commit } from "./event-store.ts";

export type NewCommit = {
  /** At least one. */
  readonly events: readonly { readonly type: string; readonly data: JsonObject }[];
  readonly recordedAt: EpochMs;
  /** Hash of the request that caused it, where the commit is that request's idempotency record. */
  readonly fingerprint?: string | undefined;
  readonly traceparent?: string | undefined;
};

/**
 * The commit that follows `commits`, the stream as it was loaded (its last commit is enough; empty:
 * a new stream).
 *
 * @throws Failure `unexpected`, action `reject`, when there is no event: a commit without events
 * has no place in the order.
 */
export function nextCommit(
  stream: string,
  commits: readonly Commit[],
  { events, recordedAt, fingerprint, traceparent }: NewCommit,
): Commit {
  if (events.length === 0) {
    throw new Failure("unexpected", "reject", `A commit of stream ${stream} needs an event.`);
  }
  const last = commits.at(-1);
  const lastSequence = last?.events.at(-1)?.sequence ?? 0;
  return {
    stream,
    number: (last?.number ?? 0) + 1,
    events: events.map(({ type, data }, index) => ({
      type,
      sequence: lastSequence + 1 + index,
      data,
    })),
    recordedAt,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
