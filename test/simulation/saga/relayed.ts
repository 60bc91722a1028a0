/**
 * What the relay promises, judged on what reaches the other side: of every stream that was written
 * each event comes to its ordered reader in order (1), and to the bus, and nothing else does (2).
 */
import type { Commit, Envelope } from "#messaging";
import type { Ledger } from "./ledger.ts";

const ORDER = 1;
const NOTHING_LOST = 2;

type Told = Pick<Envelope, "partitionkey" | "sequence" | "id" | "type">;

export type Relayed = {
  committed(commit: Commit): void;
  /** The queue of a reader of all of them has taken it. */
  queued(envelope: Told): void;
  /** The bus has. */
  accepted(envelope: Told): void;
  /** The bus brought it to a target. */
  heard(envelope: Told): void;
  /** With nothing under way any more. */
  atEnd(): void;
};

export type RelayedOptions = {
  readonly judge: Ledger["judge"];
  readonly reach: (branch: string) => void;
  /** Items of one stream are read beside each other: its readers have to wait for what is behind. */
  readonly isReadApart: boolean;
};

type Stream = {
  /** The type of each event, from sequence 1 on. */
  readonly types: string[];
  /** The last sequence that its reader could go on with. */
  last: number;
  readonly early: Set<number>;
  readonly accepted: Set<number>;
  readonly heard: Set<number>;
};

export function relayed({ judge, reach, isReadApart }: RelayedOptions): Relayed {
  const streams = new Map<string, Stream>();

  /** Undefined when nobody has written it. */
  const streamOf = (
    { partitionkey, sequence, id, type }: Told,
    where: string,
  ): Stream | undefined => {
    const stream = streams.get(partitionkey);
    const isWritten = stream?.types[sequence - 1] === type && id === `${partitionkey}#${sequence}`;
    if (!isWritten) judge(`${type} ${id} is on ${where}, and nobody wrote it`, NOTHING_LOST);
    return isWritten ? stream : undefined;
  };

  return {
    committed({ stream, events }) {
      const { types } = streams.get(stream) ?? begun(streams, stream);
      for (const { sequence, type } of events) types[sequence - 1] = type;
    },
    queued(envelope) {
      const { sequence, id } = envelope;
      const stream = streamOf(envelope, "a queue");
      if (stream === undefined) return;
      if (sequence <= stream.last) return reach("relayed-again");
      if (sequence > stream.last + 1 && !isReadApart) {
        judge(`${id} came to its queue behind ${stream.last}`, ORDER);
      }
      if (sequence > stream.last + 1) reach("relayed-early");
      stream.early.add(sequence);
      while (stream.early.delete(stream.last + 1)) stream.last += 1;
    },
    accepted(envelope) {
      streamOf(envelope, "the bus")?.accepted.add(envelope.sequence);
    },
    heard(envelope) {
      const { sequence } = envelope;
      const heard = streamOf(envelope, "the bus")?.heard;
      if (heard?.has(sequence) === true) reach("heard-again");
      if (heard?.has(sequence + 1) === true) reach("heard-behind");
      heard?.add(sequence);
    },
    atEnd() {
      for (const [name, { types, last, accepted }] of streams) {
        const count = types.length;
        if (last < count) judge(`of ${name} ${last} of ${count} came to their queue`, NOTHING_LOST);
        if (accepted.size === count) continue;
        judge(`of ${name} ${accepted.size} of ${count} came to the bus`, NOTHING_LOST);
      }
    },
  };
}

function begun(streams: Map<string, Stream>, name: string): Stream {
  const stream = { types: [], last: 0, early: new Set<number>(), ...busMarks() };
  streams.set(name, stream);
  return stream;
}

const busMarks = () => ({ accepted: new Set<number>(), heard: new Set<number>() });
