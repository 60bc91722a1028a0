/**
 * The head store of the tests and the simulator: the same fence and the same transaction as in
 * DynamoDB.
 */
import {
  type AppendWrite,
  type AuditLog,
  type AuditRecord,
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
} from "#messaging";
import { appendWrite } from "./event-store.ts";
import type { MemoryTable, MemoryWrite } from "./table.ts";

export type MemoryHeadStoreOptions = {
  readonly consumer?: string;
  /** As in DynamoDB where left out; smaller ones make a test cut its commits. */
  readonly bounds?: Partial<Omit<CommitBounds<never>, "footprint">>;
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
  { consumer = "consumer", bounds = {} }: MemoryHeadStoreOptions = {},
): HeadStore<Write> {
  const sort = `head#${consumer}`;
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
      // The head comes first, so that index 0 means the fence.
      const refused = table.write([
        write,
        ...(commit.beside ?? []).map((beside, index) =>
          besideWrite(beside, { consumer, head: commit.head, index }),
        ),
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

const parkedSort = (consumer: string, sequence: number): string =>
  `parked#${consumer}#${String(sequence).padStart(16, "0")}`;

const auditPrefix = (consumer: string): string => `audit#${consumer}#`;

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
      return item(`${auditPrefix(consumer)}${number}`, { version, record: beside.record });
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
  const heads = (): readonly Head[] =>
    table.scan(`head#${consumer}`).map((text) => JSON.parse(text) as Head);
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

export const memoryAuditLog = (
  { table }: { readonly table: MemoryTable },
  consumer = "consumer",
): AuditLog => ({
  async records(stream, limit, afterVersion = 0) {
    return table
      .query(stream, auditPrefix(consumer))
      .map((text) => JSON.parse(text) as { version: number; record: AuditRecord })
      .filter(({ version }) => version > afterVersion)
      .slice(0, limit);
  },
});

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
  { head }: Pick<HeadCommit<never>, "head">,
  sort: string,
  versionOf: (standing: string | undefined) => number,
): MemoryWrite {
  return {
    partition: head.stream,
    sort,
    text: encodeHead(head),
    condition: (standing) => versionOf(standing) === head.version - 1,
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
