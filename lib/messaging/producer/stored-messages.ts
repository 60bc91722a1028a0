/**
 * A producer's log as its consumers see it: to rebuild what they made of it, or to prove it.
 */
import { messageOf } from "../envelope/decode.ts";
import type { Message } from "../envelope/envelope.ts";
import type { EventRange, EventStore } from "./event-store.ts";
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
    .flatMap((commit) => envelopesOf(commit, source).map(messageOf))
    .filter(({ type }) => types?.includes(type) ?? true)
    .filter(({ sequence }) => sequence >= from && sequence <= to);
}
