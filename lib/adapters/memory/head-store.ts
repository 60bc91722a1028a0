/**
 * The head store of the tests and the simulator: the same fence and the same transaction as in
 * DynamoDB.
 */
import {
  type AppendWrite,
  type CommitAnswer,
  type CommitBounds,
  decodeHead,
  encodeHead,
  type Head,
  type HeadCommit,
  type HeadStore,
} from "#messaging";
import { appendWrite } from "./event-store.ts";
import type { MemoryTable, MemoryWrite } from "./table.ts";

export type MemoryHeadStoreOptions = {
  readonly consumer?: string;
  /** As in DynamoDB where left out; smaller ones make a test cut its commits. */
  readonly bounds?: Partial<Omit<CommitBounds<AppendWrite>, "footprint">>;
};

/**
 * @param place whose table the heads are in: an event store, for effects that append to it, or `{
 * table }`.
 */
export function memoryHeadStore(
  { table }: { readonly table: MemoryTable },
  { consumer = "consumer", bounds = {} }: MemoryHeadStoreOptions = {},
): HeadStore<AppendWrite> {
  const sort = `head#${consumer}`;

  return {
    bounds: {
      writesMax: bounds.writesMax ?? 99,
      bytesMax: bounds.bytesMax ?? 3_500_000,
      writeBytesMax: bounds.writeBytesMax ?? 400_000,
      footprint(write) {
        const { partition, sort: item, text } = appendWrite(write);
        return { item: `${partition}/${item}`, bytes: Buffer.byteLength(text) };
      },
    },

    async read(stream) {
      const text = table.get(stream, sort);
      return text === undefined ? undefined : decodeHead(text, stream);
    },

    async commit(commit) {
      let standing: string | undefined;
      const write = headWrite(commit, sort, (found) => {
        standing = found;
      });
      const refused = table.write([write, ...commit.writes.map((write) => appendWrite(write))]);
      if (refused.length === 0) return { kind: "committed" };
      return refused.includes(0) ? fencedBy(standing, commit.head) : { kind: "refused" };
    },
  };
}

function headWrite(
  { head }: HeadCommit<AppendWrite>,
  sort: string,
  find: (standing: string | undefined) => void,
): MemoryWrite {
  return {
    partition: head.stream,
    sort,
    text: encodeHead(head),
    condition(standing) {
      find(standing);
      const version = standing === undefined ? 0 : decodeHead(standing, head.stream).version;
      return version === head.version - 1;
    },
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
