/**
 * A producer's log as its consumers see it: to rebuild what they made of it, or to prove it.
 */
import type { Message } from "../envelope/envelope.ts";
import type { Commit, EventRange, EventStore } from "./event-store.ts";
import { envelopesOf } from "./relay.ts";

export type StoredLog = {
  /** The producer's. */
  readonly store: Pick<EventStore, "read">;
  /** CloudEvents `source` of the events: the same as the relay's. */
  readonly source: string;
  /** What the consumer's queue carries. Default: every type. */
  readonly types?: readonly string[] | undefined;
};

/** Ascending; costs what the range holds. Errors: as of the store. */
export async function storedMessages(
  { store, source, types }: StoredLog,
  stream: string,
  range: EventRange,
): Promise<readonly Message[]> {
  const { from, to = Infinity } = range;
  return (await store.read(stream, range))
    .flatMap((commit) => messagesOf(commit, source))
    .filter(({ type }) => types?.includes(type) ?? true)
    .filter(({ sequence }) => sequence >= from && sequence <= to);
}

/** As they come out of their envelopes, whatever way they travelled. */
const messagesOf = (commit: Commit, source: string): readonly Message[] =>
  envelopesOf(commit, source).map(({ id, type, partitionkey, sequence, traceparent, data }) => ({
    id,
    source,
    type,
    stream: partitionkey,
    sequence,
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  }));
