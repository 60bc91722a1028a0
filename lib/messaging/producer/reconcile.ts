/**
 * Finds and repairs a lost tail. Whatever is lost in the middle of a stream shows as a gap when the
 * next message comes; behind its last message nothing comes, so only a comparison of the producer's
 * log with the consumers' heads can tell.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import { type DurationMs, type EpochMs, seconds } from "#kernel/units";
import { concurrently } from "../consumer/concurrently.ts";
import { failureOf } from "../consumer/handling.ts";
import type { HeadStore } from "../head/head-store.ts";
import type { Head } from "../head/head.ts";
import type { Commit, CommitLog, EventStore } from "./event-store.ts";
import type { LargeEvents } from "./large-events.ts";
import { resend } from "./resend.ts";
import type { FifoSender } from "./sender.ts";

/** A consumer behind the relay. */
export type Reader = {
  readonly heads: Pick<HeadStore, "read">;
  readonly sender: FifoSender;
  /** What its queue carries; of each stream these have sequences without gaps. */
  readonly types: readonly string[];
  readonly groupOf?: (stream: string) => string;
};

export type ReconcileOptions = LargeEvents & {
  readonly log: CommitLog;
  readonly store: Pick<EventStore, "read">;
  readonly readers: readonly Reader[];
  /** CloudEvents `source` of the events: the same as the relay's. */
  readonly source: string;
  readonly clock: Pick<Clock, "now">;
  readonly newId: NewId;
  /** What was recorded less long ago may still be on its way. Default 5 minutes. */
  readonly graceMs?: DurationMs;
};

export type Reconciled = {
  /** Compared, once for each reader. */
  readonly streams: number;
  /** Of which the reader lacked the end. */
  readonly behind: number;
  /** Messages that were sent again. */
  readonly messages: number;
};

/**
 * Compares every stream that was written to at or after `since`. One read of a head for each
 * stream and reader. Repeating it is harmless: a message that comes twice is a duplicate.
 *
 * Errors: as its ports; what was sent stays sent. A commit that cannot be read, and a stream that
 * cannot be compared or brought up, keep no other from it: the first error is thrown, with the
 * stream's name, when all have been tried.
 */
export async function reconcile(options: ReconcileOptions, since: EpochMs): Promise<Reconciled> {
  const { log, clock, graceMs = GRACE_MS } = options;
  const settledBy = clock.now() - graceMs;
  let failed: Failure | undefined;
  let [streams, behind, messages] = [0, 0, 0];
  const compare = async (commits: readonly Commit[]): Promise<void> => {
    const settled = commits.filter(({ recordedAt }) => recordedAt <= settledBy);
    for (const reader of options.readers) {
      const newest = newestOf(settled, reader.types);
      const works = [...newest].map(([stream, to]) => async (): Promise<void> => {
        streams += 1;
        try {
          const sent = await bringUpTo(options, reader, stream, to);
          messages += sent;
          if (sent > 0) behind += 1;
        } catch (error) {
          failed ??= notBroughtUp(stream, to, error);
        }
      });
      await concurrently(works, HEADS_AT_ONCE);
    }
  };
  try {
    for await (const commits of log.since(since)) await compare(commits);
  } catch (error) {
    // Also what the log could not read, which it tells last.
    failed ??= failureOf(error);
  }
  if (failed !== undefined) throw failed;
  return { streams, behind, messages };
}

/** The same of several producers, the next one also after one that failed. Errors: the first. */
export async function reconcileAll(
  producers: readonly ReconcileOptions[],
  since: EpochMs,
): Promise<Reconciled> {
  const sum = { streams: 0, behind: 0, messages: 0 };
  const errors: unknown[] = [];
  for (const producer of producers) {
    try {
      const { streams, behind, messages } = await reconcile(producer, since);
      sum.streams += streams;
      sum.behind += behind;
      sum.messages += messages;
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return sum;
}

const GRACE_MS = seconds(300);
const HEADS_AT_ONCE = 10;

/** The newest sequence of each stream. */
function newestOf(
  commits: readonly Commit[],
  types: readonly string[],
): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { stream, events } of commits) {
    for (const { type, sequence } of events) {
      if (types.includes(type)) newest.set(stream, Math.max(sequence, newest.get(stream) ?? 0));
    }
  }
  return newest;
}

async function bringUpTo(
  { store, source, newId, claimChecks, bodyBytesMax }: ReconcileOptions,
  { heads, ...way }: Reader,
  stream: string,
  to: number,
): Promise<number> {
  const known = knownTo(await heads.read(stream));
  if (known >= to) return 0;
  const large = { claimChecks, bodyBytesMax };
  return resend({ store, source, newId, ...large, ...way }, stream, { from: known + 1, to });
}

function notBroughtUp(stream: string, to: number, error: unknown): Failure {
  const { code, action, message } = failureOf(error);
  const what = `Stream ${JSON.stringify(stream)} could not be brought up to sequence ${to}`;
  return new Failure(code, action, `${what}: ${message}`, { cause: error });
}

/** Parked ones are there; what is missing before them is a gap, which its recovery fills. */
function knownTo(head: Head | undefined): number {
  if (head === undefined) return 0;
  if (head.closed) return Number.MAX_SAFE_INTEGER;
  return head.parked.at(-1)?.sequence ?? head.last;
}
