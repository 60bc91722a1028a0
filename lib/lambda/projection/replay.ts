/**
 * Brings streams of one generation of a projection up to what the producer's store has, through the
 * generation's own consumer: what it has is a duplicate, who else writes is fenced, so it may run
 * beside everything and as often as one likes.
 */
import type { ClaimCheckStore, EventStore, Halt, Head, HeadStore, SequenceRange } from "#messaging";
import { controlEnvelope, encode } from "#messaging";
import { failureOf } from "#messaging/consumer/handling";
import { fitting } from "#messaging/producer/large-events";
import { envelopesOf } from "#messaging/producer/relay";
import type { LambdaContext, QueueEventRecord, QueueHandler } from "../queue-handler.ts";

export type ReplayProps = {
  /** Of the generation. */
  readonly consume: QueueHandler;
  readonly heads: Pick<HeadStore, "read">;
  /** What a decision has left out of the stream in the generation that is read. */
  readonly leftOut: (stream: string) => Promise<readonly SequenceRange[]>;
  /** The producer's. */
  readonly store: Pick<EventStore, "read">;
  /** CloudEvents `source` of the events, as the relay's. */
  readonly source: string;
  /** What the consumer's queue carries. */
  readonly types: readonly string[];
  /** As the relay's and the consumer's. */
  readonly claimChecks?: ClaimCheckStore | undefined;
};

export type StreamCause = { readonly stream: string; readonly cause: string };

export type Replayed = {
  /** Lack something of the store: to be replayed again. */
  readonly behind: readonly StreamCause[];
  /**
   * Have an event that can never be applied, and that nobody has left out of what is read; they
   * have everything, and wait for a person.
   */
  readonly halted: readonly StreamCause[];
};

/** Never throws: what went wrong with a stream is its cause to be behind. */
export async function replay(
  props: ReplayProps,
  streams: readonly string[],
  context: LambdaContext,
): Promise<Replayed> {
  const { consume } = props;
  const logs = await Promise.all(streams.map((stream) => logOf(props, stream)));
  const Records = logs.flatMap(({ records }) => records);
  // What it gives back shows in the heads.
  if (Records.length > 0) await consume({ Records }, context);
  const ends = await Promise.all(
    logs.map(async ({ stream, last, cause }) => {
      try {
        return { stream, ...(cause ?? stateOf(await decided(props, stream, context), last)) };
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

/** What is behind the generation's position: what it has already, it is not told again. */
async function logOf(props: ReplayProps, stream: string): Promise<Log> {
  const { heads, store, source, types, claimChecks } = props;
  try {
    const known = (await heads.read(stream))?.last ?? 0;
    const commits = await store.read(stream, { from: known + 1 });
    const envelopes = commits
      .flatMap((commit) => envelopesOf(commit, source))
      .filter(({ type, sequence }) => types.includes(type) && sequence > known);
    const records = (await fitting(envelopes, { claimChecks })).map((envelope) => ({
      messageId: envelope.id,
      body: encode(envelope),
      attributes: { MessageGroupId: stream },
    }));
    return { stream, records, last: envelopes.at(-1)?.sequence ?? known };
  } catch (error) {
    return { stream, records: [], last: 0, cause: { behind: failureOf(error).message } };
  }
}

/** A head names the last 16 that were left out. */
const CARRIED_MAX = 16;

/**
 * The head behind what a person has decided already: an event that halts the stream here and was
 * left out of what is read is left out here too, by the same kind of message, so that it is in the
 * audit log. The decision is carried over only where it is needed again.
 */
async function decided(
  { heads, leftOut, consume }: ReplayProps,
  stream: string,
  context: LambdaContext,
): Promise<Head | undefined> {
  let head = await heads.read(stream);
  if (head?.status !== "halted") return head;
  const ranges = await leftOut(stream);
  for (let carried = 0; carried < CARRIED_MAX && isIn(ranges, head?.halt); carried += 1) {
    if (head !== undefined) await consume({ Records: skips(head) }, context);
    head = await heads.read(stream);
  }
  return head;
}

const isIn = (ranges: readonly SequenceRange[], halt: Halt | undefined): boolean =>
  halt !== undefined && ranges.some(({ from, to }) => from <= halt.sequence && halt.sequence <= to);

/** Its id is that of this halt: whoever says the same at once is heard once. */
function skips({ stream, version, halt }: Head): readonly QueueEventRecord[] {
  if (halt === undefined) return [];
  const { sequence } = halt;
  const id = `carried-over-${stream}-${sequence}-${version}`;
  const reason = "It was left out of the generation that is read; its audit log says why.";
  const skip = { kind: "skip", id, stream, sequence, author: "rebuild", reason } as const;
  const body = encode(controlEnvelope(skip, CARRIED_SOURCE));
  return [{ messageId: id, body, attributes: { MessageGroupId: stream } }];
}

const CARRIED_SOURCE = "urn:inorder:rebuild";

function stateOf(
  head: Head | undefined,
  last: number,
): { readonly behind: string } | { readonly halted: string } | undefined {
  if (head?.status === "halted") return { halted: head.halt?.message ?? "halted" };
  const applied = head?.last ?? 0;
  return applied < last ? { behind: `it is at ${applied} of ${last}` } : undefined;
}
