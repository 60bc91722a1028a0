/**
 * The event store of the tests and the simulator, over a table that it may share with heads.
 */
import {
  type AppendWrite,
  type Commit,
  type CommitLog,
  type EventRange,
  type EventStore,
  isWithin,
} from "#messaging";
import type { StreamTails, WithSnapshot } from "#contracts/snapshot";
import { type MemoryTable, type MemoryWrite, memoryTable } from "./table.ts";

export type MemoryEventStore = EventStore & StreamTails<Commit> & { readonly table: MemoryTable };

const PREFIX = "commit#";

export function memoryEventStore(table: MemoryTable = memoryTable()): MemoryEventStore {
  return {
    table,
    async append(commit) {
      let found: string | undefined;
      const write = appendWrite({ kind: "append", commit }, (standing) => {
        found = standing;
      });
      table.write([write]);
      return found === undefined
        ? { kind: "appended" }
        : { kind: "exists", commit: JSON.parse(found) as Commit };
    },
    async read(stream, range) {
      const texts = table.query(stream, PREFIX);
      return range === undefined
        ? texts.map((text) => JSON.parse(text) as Commit)
        : commitsOf(texts, range);
    },
    async tail(stream, commitsMax) {
      const newest = table.query(stream, PREFIX).slice(-commitsMax);
      return newest.map((text) => JSON.parse(text) as Commit & WithSnapshot);
    },
  };
}

/** Reads back from the end, so that a long past costs nothing. */
function commitsOf(texts: readonly string[], range: EventRange): readonly Commit[] {
  const commits: Commit[] = [];
  for (const text of texts.toReversed()) {
    const commit = JSON.parse(text) as Commit;
    if (isWithin(commit, range)) commits.push(commit);
    if ((commit.events[0]?.sequence ?? 0) <= range.from) break;
  }
  return commits.toReversed();
}

/** A page for each stream. */
export const memoryCommitLog = ({ table }: Pick<MemoryEventStore, "table">): CommitLog => ({
  async *since(since) {
    for (const partition of table.partitions()) {
      const commits = table
        .query(partition, PREFIX)
        .map((text) => JSON.parse(text) as Commit)
        .filter(({ recordedAt }) => recordedAt >= since);
      if (commits.length > 0) yield commits;
    }
  },
});

/** The write of an append, for a transaction that it is part of. */
export const appendWrite = (
  { commit }: AppendWrite,
  find?: (standing: string | undefined) => void,
): MemoryWrite => ({
  partition: commit.stream,
  sort: `${PREFIX}${String(commit.number).padStart(10, "0")}`,
  text: JSON.stringify(commit),
  condition(standing) {
    find?.(standing);
    return standing === undefined;
  },
});
