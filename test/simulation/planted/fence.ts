/**
 * Wrong fences: a writer that is late overwrites what another has written meanwhile.
 */
import { memoryHeadStore } from "#adapters/memory/head-store";
import type { MemoryTable } from "#adapters/memory/table";
import { decodeHead } from "#messaging";
import type { Plant } from "../system.ts";
import { bug, type BugWithControl, withHead } from "./bug.ts";

const withoutCondition: NonNullable<Plant["store"]> = ({ bounds }, table) =>
  memoryHeadStore({ table: unconditional(table, "head#") }, { bounds });

const unconditional = (table: MemoryTable, sortPrefix: string): MemoryTable => ({
  ...table,
  write: (writes) =>
    table.write(
      writes.map((write) =>
        write.sort.startsWith(sortPrefix) ? { ...write, condition: () => true } : write,
      ),
    ),
});

/** `version <= :new` where it had to be `version < :new`. */
const offByOne: NonNullable<Plant["store"]> = (right) => ({
  ...right,
  async commit(commit) {
    const { stream, version } = commit.head;
    const standing = (await right.read(stream))?.version ?? 0;
    const isOneBehind = standing === version;
    return right.commit(isOneBehind ? withHead(commit, { version: standing + 1 }) : commit);
  },
});

/** The position that the writer had read must still stand, whatever else has changed. */
const byPosition: NonNullable<Plant["store"]> = (right) => {
  const positions = new Map<string, number>();
  return {
    ...right,
    async commit(commit) {
      const { stream, version } = commit.head;
      const standing = await right.read(stream);
      const base = positions.get(`${stream} ${version - 1}`) ?? 0;
      const isSamePosition = (standing?.last ?? 0) === base;
      const next = (standing?.version ?? 0) + 1;
      const passing = isSamePosition ? withHead(commit, { version: next }) : commit;
      const answer = await right.commit(passing);
      if (answer.kind === "committed") {
        positions.set(`${stream} ${passing.head.version}`, commit.head.last);
      }
      return answer;
    },
  };
};

const TIMES_MAX = 3;

/** "Somebody was faster: try again with the new version" is right for counters only. */
const writtenOverTheWinner: NonNullable<Plant["heads"]> = (right) => ({
  ...right,
  async commit(commit) {
    let answer = await right.commit(commit);
    for (let time = 0; time < TIMES_MAX && answer.kind === "fenced"; time += 1) {
      const version = (answer.current?.version ?? 0) + 1;
      answer = await right.commit(withHead(commit, { version }));
    }
    return answer;
  },
});

/** Every writer of a version has the same, so that each takes the other's write for its own. */
const attemptsByVersion: NonNullable<Plant["heads"]> = (right) => ({
  ...right,
  commit(commit) {
    const { stream, version } = commit.head;
    const attemptId = `${stream}#${version}`;
    return right.commit({ ...commit, head: { ...commit.head, attemptId } });
  },
});

const lostRaceIsDone: NonNullable<Plant["heads"]> = (right) => ({
  ...right,
  async commit(commit) {
    const answer = await right.commit(commit);
    return answer.kind === "fenced" ? { kind: "committed" } : answer;
  },
});

/** Powertools keeps a record for an hour, SQS an id for five minutes; in a run of a minute: */
const LIFE_MS = 15_000;

/** Expired items are taken away when somebody asks for them. */
const headsExpire: NonNullable<Plant["store"]> = (right, table, now) => {
  const writtenAt = new Map<string, number>();
  const expire = (stream: string): void => {
    if ((writtenAt.get(stream) ?? now()) + LIFE_MS > now()) return;
    writtenAt.delete(stream);
    const item = { partition: stream, sort: "head#consumer", text: undefined };
    table.write([{ ...item, condition: () => true }]);
  };
  return {
    ...right,
    read(stream) {
      expire(stream);
      return right.read(stream);
    },
    commit(commit) {
      const { stream } = commit.head;
      expire(stream);
      writtenAt.set(stream, now());
      return right.commit(commit);
    },
  };
};

/** What cannot be read is taken for what is not there. */
const unreadableIsAbsent: NonNullable<Plant["store"]> = ({ bounds }, table) => {
  const readable = (partition: string, sort: string, text: string | undefined) => {
    if (text === undefined || !sort.startsWith("head#")) return text;
    try {
      decodeHead(text, partition);
      return text;
    } catch {
      return undefined;
    }
  };
  const forgiving: MemoryTable = {
    ...table,
    get: (partition, sort) => readable(partition, sort, table.get(partition, sort)),
    write: (writes) =>
      table.write(
        writes.map(({ condition, ...write }) => ({
          ...write,
          condition: (text) => condition(readable(write.partition, write.sort, text)),
        })),
      ),
  };
  return memoryHeadStore({ table: forgiving }, { bounds });
};

/** What stands there is not what its writer wrote, so the next of its writes is taken for late. */
const versionsSkipped: NonNullable<Plant["store"]> = ({ bounds }, table) =>
  memoryHeadStore(
    {
      table: {
        ...table,
        write: (writes) =>
          table.write(
            writes.map((write) =>
              write.sort.startsWith("head#") ? { ...write, text: oneMore(write.text) } : write,
            ),
          ),
      },
    },
    { bounds },
  );

const oneMore = (text: string | undefined): string | undefined =>
  text?.replace(/"version":(\d+)/, (_, version) => `"version":${Number(version) + 1}`);

export const FENCE: readonly BugWithControl[] = [
  bug("no-fence", "the head is updated without a condition on its version", {
    store: withoutCondition,
  }),
  bug("fence-off-by-one", "the condition on the version lets a writer pass that is one behind", {
    store: offByOne,
  }),
  bug("fence-on-position", "the condition is on the position, not on the version", {
    store: byPosition,
  }),
  bug("lost-race-written-again", "who loses a race writes the same again over the winner", {
    heads: writtenOverTheWinner,
  }),
  bug("lost-race-taken-for-done", "a failed condition is read as: this was done already", {
    heads: lostRaceIsDone,
  }),
  bug("attempt-id-from-version", "the id that tells own writes apart is the same for all writers", {
    heads: attemptsByVersion,
  }),
  bug("unreadable-head-begins-anew", "a head that cannot be read is taken for one never written", {
    store: unreadableIsAbsent,
  }),
  bug("versions-skipped", "a head's version goes up by two, so every second write is refused", {
    store: versionsSkipped,
  }),
  bug("head-expires", "the head has a time to live, as an idempotency record has", {
    store: headsExpire,
  }),
];
