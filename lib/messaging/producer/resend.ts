/**
 * Sends stored events once more: a range of a stream that a consumer misses, or all that was
 * recorded since an instant. They are the relay's own envelopes, so a consumer that has them
 * already drops them as duplicates; only their deduplication ids are new, or SQS would drop them.
 */
import { Failure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import type { EpochMs } from "#kernel/units";
import type { Envelope } from "../envelope/envelope.ts";
import type { SequenceRange } from "../head/head.ts";
import type { Redelivery } from "../violation/redelivery.ts";
import type { Commit, CommitLog, EventRange, EventStore } from "./event-store.ts";
import { fitting, type LargeEvents } from "./large-events.ts";
import { envelopesOf } from "./relay.ts";
import type { FifoSender } from "./sender.ts";

type Way = LargeEvents & {
  /** Into the consumer's queue. */
  readonly sender: FifoSender;
  /** CloudEvents `source` of the events: the same as the relay's. */
  readonly source: string;
  /** What this queue carries, as its route of the relay says. Default: every type. */
  readonly types?: readonly string[];
  /** As the consumer's. Default: one group for each stream, by its name. */
  readonly groupOf?: (stream: string) => string;
  /** Names the request: each one's messages arrive, whatever was sent in the last five minutes. */
  readonly newId: NewId;
};

export type ResendOptions = Way & {
  /** The producer's. */
  readonly store: Pick<EventStore, "read">;
};

/**
 * @returns how many messages were sent; fewer than the range has where the store has fewer.
 *
 * Errors: as its ports; some may have been sent, and all may be sent again.
 */
export async function resend(
  { store, ...way }: ResendOptions,
  stream: string,
  { from, to = Number.MAX_SAFE_INTEGER }: EventRange,
): Promise<number> {
  const commits = await store.read(stream, { from, to });
  const wanted = outgoing(way, commits).filter(
    ({ sequence }) => sequence >= from && sequence <= to,
  );
  await sendAgain(way, wanted, way.newId());
  return wanted.length;
}

export type ResendSinceOptions = Way & { readonly log: CommitLog };

export type Resent = { readonly streams: number; readonly messages: number };

/**
 * Everything that was recorded at or after `since`. Costs what reading the log costs, and one send
 * for each message. Errors: as `resend`; for a commit that cannot be read when all others have been
 * sent.
 */
export async function resendSince(
  { log, ...way }: ResendSinceOptions,
  since: EpochMs,
): Promise<Resent> {
  const requestId = way.newId();
  let [streams, messages] = [0, 0];
  let last: string | undefined;
  for await (const commits of log.since(since)) {
    const wanted = outgoing(way, commits);
    await sendAgain(way, wanted, requestId);
    messages += wanted.length;
    for (const { partitionkey } of wanted) {
      if (partitionkey !== last) streams += 1;
      last = partitionkey;
    }
  }
  return { streams, messages };
}

/**
 * A producer that answers out of its store at once: no message from the consumer to it is needed.
 *
 * The request runs within the consumer's invocation, so it sends the first 200 of a longer range:
 * when those are applied, the rest is a gap with a deadline and tries of its own, which asks for
 * the next ones. `resend` sends a range of any length.
 *
 * Errors: as `resend`; `conflict` (retry) when the store lacks a part of what one request sends.
 */
export const redeliveryFrom = (options: ResendOptions): Redelivery => ({
  async request(stream: string, missing: SequenceRange) {
    const { from } = missing;
    const to = Math.min(missing.to, from + REDELIVERED_MAX - 1);
    const sent = await resend(options, stream, { from, to });
    if (sent === to - from + 1) return;
    throw new Failure(
      "conflict",
      "retry",
      `Of sequences ${from} to ${to} of stream ${JSON.stringify(stream)} the producer's store ` +
        `has ${sent}: resolve the stream by hand when that does not change.`,
    );
  },
});

/** 20 requests to SQS, or 50 where every message is as large as an envelope may be. */
const REDELIVERED_MAX = 200;

/** Bounds what is encoded at a time. */
const SENT_AT_ONCE_MAX = 100;

const outgoing = (
  { source, types }: Pick<Way, "source" | "types">,
  commits: readonly Commit[],
): readonly Envelope[] =>
  commits
    .flatMap((commit) => envelopesOf(commit, source))
    .filter(({ type }) => types?.includes(type) ?? true);

/** One after the other: a group goes on in the next slice. */
async function sendAgain(
  { sender, groupOf = (stream) => stream, ...large }: Way,
  envelopes: readonly Envelope[],
  requestId: string,
): Promise<void> {
  for (let first = 0; first < envelopes.length; first += SENT_AT_ONCE_MAX) {
    const some = await fitting(envelopes.slice(first, first + SENT_AT_ONCE_MAX), large);
    await sender.send(
      some.map((envelope) => ({
        envelope,
        group: groupOf(envelope.partitionkey),
        deduplicationId: `${envelope.id}#${requestId}`,
      })),
    );
  }
}
