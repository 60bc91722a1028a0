/**
 * Brings streams of one generation of a projection up to what the producer's store has, through the
 * generation's own consumer: what it has is a duplicate, who else writes is fenced, so it may run
 * beside everything and as often as one likes.
 */
import type { EventStore, Head, HeadStore } from "#messaging";
import { encode } from "#messaging";
import { failureOf } from "#messaging/consumer/handling";
import { envelopesOf } from "#messaging/producer/relay";
import type { LambdaContext, QueueEventRecord, QueueHandler } from "../queue-handler.ts";

export type ReplayProps = {
  /** Of the generation. */
  readonly consume: QueueHandler;
  readonly heads: Pick<HeadStore, "read">;
  /** The producer's. */
  readonly store: Pick<EventStore, "read">;
  /** CloudEvents `source` of the events, as the relay's. */
  readonly source: string;
  /** What the consumer's queue carries. */
  readonly types: readonly string[];
};

export type StreamCause = { readonly stream: string; readonly cause: string };

export type Replayed = {
  /** Lack something of the store: to be replayed again. */
  readonly behind: readonly StreamCause[];
  /** Have an event that can never be applied; they have everything, and wait for a person. */
  readonly halted: readonly StreamCause[];
};

/** Never throws: what went wrong with a stream is its cause to be behind. */
export async function replay(
  props: ReplayProps,
  streams: readonly string[],
  context: LambdaContext,
): Promise<Replayed> {
  const { consume, heads } = props;
  const logs = await Promise.all(streams.map((stream) => logOf(props, stream)));
  const Records = logs.flatMap(({ records }) => records);
  // What it gives back shows in the heads.
  if (Records.length > 0) await consume({ Records }, context);
  const ends = await Promise.all(
    logs.map(async ({ stream, last, cause }) => {
      try {
        return { stream, ...(cause ?? stateOf(await heads.read(stream), last)) };
      } catch (error) {
        return { stream, behind: failureOf(error).message };
      }
    }),
  );
  return {
    behind: ends.flatMap((end) => ("behind" in end ? [causeOf(end.stream, end.behind)] : [])),
    halted: ends.flatMap((end) => ("halted" in end ? [causeOf(end.stream, end.halted)] : [])),
  };
}

const causeOf = (stream: string, cause: string): StreamCause => ({ stream, cause });

type Log = {
  readonly stream: string;
  readonly records: readonly QueueEventRecord[];
  readonly last: number;
  readonly cause?: { readonly behind: string };
};

async function logOf({ store, source, types }: ReplayProps, stream: string): Promise<Log> {
  try {
    const commits = await store.read(stream);
    const envelopes = commits
      .flatMap((commit) => envelopesOf(commit, source))
      .filter(({ type }) => types.includes(type));
    const records = envelopes.map((envelope) => ({
      messageId: envelope.id,
      body: encode(envelope),
      attributes: { MessageGroupId: stream },
    }));
    return { stream, records, last: envelopes.at(-1)?.sequence ?? 0 };
  } catch (error) {
    return { stream, records: [], last: 0, cause: { behind: failureOf(error).message } };
  }
}

function stateOf(
  head: Head | undefined,
  last: number,
): { readonly behind: string } | { readonly halted: string } | undefined {
  if (head?.status === "halted") return { halted: head.halt?.message ?? "halted" };
  const applied = head?.last ?? 0;
  return applied < last ? { behind: `it is at ${applied} of ${last}` } : undefined;
}
