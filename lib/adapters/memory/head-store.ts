/**
 * The head store of the tests and the simulator: the same fence and the same transaction as in
 * DynamoDB.
 */
import { consumerInKeys } from "#contracts/item-prefixes";
import {
  type AppendWrite,
  type AuditLog,
  type BesideWrite,
  type CommitAnswer,
  type CommitBounds,
  decodeHead,
  encodeHead,
  type Head,
  type HeadCommit,
  type HeadIndex,
  type HeadStore,
  type Message,
  type PlacedAuditRecord,
} from "#messaging";
import { appendWrite } from "./event-store.ts";
import type { MemoryTable, MemoryWrite } from "./table.ts";

export type MemoryHeadStoreOptions = {
  readonly consumer?: string;
  /** As in DynamoDB where left out; smaller ones make a test cut its commits. */
  readonly bounds?: Partial<Omit<CommitBounds<never>, "footprint">>;
  /** Of the head's own item, and of each beside it. Default: DynamoDB's. */
  readonly itemBytesMax?: number;
};

/**
 * @param place whose table the heads are in: an event store, for effects that append to it, or `{
 * table }`.
 */
export const memoryHeadStore = (
  place: { readonly table: MemoryTable },
  options: MemoryHeadStoreOptions = {},
): HeadStore<AppendWrite> => memoryHeads(place, appendWrite, options);

/** @param asMemory how an effect changes the table; called in the moment that writes it. */
export function memoryHeads<Write>(
  { table }: { readonly table: MemoryTable },
  asMemory: (write: Write) => MemoryWrite,
  {
    consumer = "consumer",
    bounds = {},
    itemBytesMax = ITEM_BYTES_MAX,
  }: MemoryHeadStoreOptions = {},
): HeadStore<Write> {
  const sort = `head#${consumerInKeys(consumer)}`;
  const written = new Map<string, Written>();

  return {
    bounds: {
      writesMax: bounds.writesMax ?? 90,
      bytesMax: bounds.bytesMax ?? 3_500_000,
      writeBytesMax: bounds.writeBytesMax ?? 400_000,
      footprint(write) {
        const { partition, sort: item, text } = asMemory(write);
        return { item: `${partition}/${item}`, bytes: Buffer.byteLength(text ?? "") };
      },
    },

    async read(stream) {
      const text = table.get(stream, sort);
      return text === undefined ? undefined : decodeHead(text, stream);
    },

    async readParked(stream, sequences) {
      const texts = sequences.map((sequence) => table.get(stream, parkedSort(consumer, sequence)));
      return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Message]));
    },

    async commit(commit) {
      let standing: string | undefined;
      const write = headWrite(commit, sort, (found) => {
        standing = found;
        return versionIn(found, commit.head.stream, written);
      });
      const beside = (commit.beside ?? []).map((item, index) =>
        besideWrite(item, { consumer, head: commit.head, index }),
      );
      const texts = [write, ...beside].map(({ text = "" }) => text);
      const bytes = Math.max(...texts.map((text) => Buffer.byteLength(text)));
      if (bytes > itemBytesMax) return { kind: "too-large", bytes, bytesMax: itemBytesMax };
      // The head comes first, so that index 0 means the fence.
      const refused = table.write([
        write,
        ...beside,
        ...commit.writes.map((write) => asMemory(write)),
      ]);
      if (refused.length === 0) {
        const { version, stream } = commit.head;
        written.set(stream, { text: write.text, version });
        return { kind: "committed" };
      }
      return refused.includes(0) ? fencedBy(standing, commit.head) : { kind: "refused" };
    },
  };
}

/** As DynamoDB's, with a little less for keys and names. */
const ITEM_BYTES_MAX = 400_000;

const parkedSort = (consumer: string, sequence: number): string =>
  `parked#${consumer}#${String(sequence).padStart(16, "0")}`;

const auditPrefix = (consumer: string): string => `audit#${consumerInKeys(consumer)}#`;

function besideWrite(
  beside: BesideWrite,
  place: { readonly consumer: string; readonly head: Head; readonly index: number },
): MemoryWrite {
  const { consumer, head, index } = place;
  const item = (sort: string, content: unknown): MemoryWrite => ({
    partition: head.stream,
    sort,
    text: content === undefined ? undefined : JSON.stringify(content),
    condition: () => true,
  });
  switch (beside.kind) {
    case "park":
      return item(parkedSort(consumer, beside.message.sequence), beside.message);
    case "unpark":
      return item(parkedSort(consumer, beside.sequence), undefined);
    case "record": {
      const { version } = head;
      const number = `${String(version).padStart(10, "0")}#${String(index).padStart(2, "0")}`;
      const placed: PlacedAuditRecord = { version, index, record: beside.record };
      return item(`${auditPrefix(consumer)}${number}`, placed);
    }
    default:
      return beside satisfies never;
  }
}

/** Over the same table as the heads; consistent at once, where DynamoDB's index is late. */
export function memoryHeadIndex(
  { table }: { readonly table: MemoryTable },
  consumer = "consumer",
): HeadIndex {
  const sort = `head#${consumerInKeys(consumer)}`;
  const heads = (): readonly Head[] => table.scan(sort).map((text) => JSON.parse(text) as Head);
  return {
    async due(now, limit) {
      return heads()
        .filter(({ status, dueAt = now + 1 }) => status !== "halted" && dueAt <= now)
        .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .slice(0, limit)
        .map(({ stream }) => stream);
    },
    async halted(limit) {
      return heads()
        .filter(({ status }) => status === "halted")
        .toSorted((a, b) => (a.halt?.at ?? 0) - (b.halt?.at ?? 0))
        .slice(0, limit)
        .map(({ stream }) => stream);
    },
  };
}

export function memoryAuditLog(
  { table }: { readonly table: MemoryTable },
  consumer = "consumer",
): AuditLog {
  const prefix = auditPrefix(consumer);
  return {
    async records(stream, limit, { version, index = Number.POSITIVE_INFINITY } = { version: 0 }) {
      return table
        .query(stream, prefix)
        .map((text) => JSON.parse(text) as PlacedAuditRecord)
        .filter((one) => one.version > version || (one.version === version && one.index > index))
        .slice(0, limit);
    },
  };
}

/** What this store wrote last, whose version need not be decoded. */
type Written = { readonly text: string | undefined; readonly version: number };

function versionIn(
  standing: string | undefined,
  stream: string,
  written: ReadonlyMap<string, Written>,
): number {
  if (standing === undefined) return 0;
  const last = written.get(stream);
  return last?.text === standing ? last.version : decodeHead(standing, stream).version;
}

function headWrite(
  { head, over = head.version - 1 }: Pick<HeadCommit<never>, "head" | "over">,
  sort: string,
  versionOf: (standing: string | undefined) => number,
): MemoryWrite {
  return {
    partition: head.stream,
    sort,
    text: encodeHead(head),
    condition: (standing) => versionOf(standing) === over,
  };
}

function fencedBy(
  standing: string | undefined,
  head: Head & { readonly attemptId: string },
): CommitAnswer {
  const current = standing === undefined ? undefined : decodeHead(standing, head.stream);
  if (current?.attemptId === head.attemptId) return { kind: "committed" };
  return { kind: "fenced", current };
}
