/**
 * DynamoDB's weaker sides on top of a table in memory: an index that lags behind, items that expire
 * late, and a change stream. Conditions and transactions are the table's own; calls that are
 * throttled, meet another transaction, or whose answers are lost are `remote.ts`'s.
 */
import { type MemoryTable, type MemoryWrite, memoryTable } from "#adapters/memory/table";
import { Failure } from "#kernel/failure";
import type { ChangeStream, ItemChange } from "./change-stream.ts";

export type SimulatedTableOptions = {
  readonly now: () => number;
  /** Told what took effect, before anybody can read it. */
  readonly witness?: (writes: readonly MemoryWrite[]) => void;
  /**
   * How far an index may be behind; called at each `scan`. "Any strongly consistent read of a
   * global secondary index is refused", and its answers may lack the latest writes (GSI.html,
   * "Read Consistency", Amazon DynamoDB Developer Guide). Default: not at all.
   */
  readonly lagMs?: () => number;
  /** No `lagMs` is longer; older states are forgotten. Default: a minute. */
  readonly lagMsMax?: number;
  readonly changes?: ChangeStream;
};

export type SimulatedTable = MemoryTable & {
  /**
   * Time to live has run out and DynamoDB got round to it: "typically within a few days"
   * (TTL.html). Until then the item is read as any other. False: there is none.
   */
  expire(partition: string, sort: string): boolean;
};

const ACTIONS_MAX = 100;

/**
 * Refused as a whole: two actions on one item, and more actions than there may be
 * (API_TransactWriteItems.html, Amazon DynamoDB API Reference). The AWS adapters tell it so, too.
 */
function checkTransaction(writes: readonly MemoryWrite[]): void {
  if (writes.length <= 1) return;
  const items = new Set(writes.map(({ partition, sort }) => JSON.stringify([partition, sort])));
  if (items.size === writes.length && writes.length <= ACTIONS_MAX) return;
  const what = `${writes.length} actions on ${items.size} items`;
  const rule = `at most ${ACTIONS_MAX}, each on an item of its own`;
  const message = `A transaction has ${rule}; received ${what}.`;
  throw new Failure("store-unavailable", "retry", message);
}

/** What stood in an item until a moment. */
type Past = {
  readonly until: number;
  readonly partition: string;
  readonly sort: string;
  readonly text: string | undefined;
};

export function simulatedTable(options: SimulatedTableOptions): SimulatedTable {
  const { now, witness, lagMs, lagMsMax = 60_000, changes } = options;
  const table = memoryTable();
  const history = lagMs === undefined ? undefined : tableHistory(now, lagMsMax);

  const write = (writes: readonly MemoryWrite[]): readonly number[] => {
    checkTransaction(writes);
    if (history === undefined && changes === undefined) {
      const refused = table.write(writes);
      if (refused.length === 0) witness?.(writes);
      return refused;
    }
    const standing: Standing[] = [];
    const refused = table.write(
      writes.map((each) => ({
        ...each,
        condition(text) {
          standing.push({ partition: each.partition, sort: each.sort, text });
          return each.condition(text);
        },
      })),
    );
    if (refused.length > 0) return refused;
    witness?.(writes);
    history?.record(writes, standing);
    const changed = writes.flatMap((write, index) => itemChange(write, standing[index]?.text));
    if (changed.length > 0) changes?.append(changed);
    return [];
  };

  return {
    ...table,
    write,
    scan: (sort) => history?.scan(sort, lagMs?.() ?? 0) ?? table.scan(sort),
    expire(partition, sort) {
      const isThere = table.get(partition, sort) !== undefined;
      if (isThere) write([{ partition, sort, text: undefined, condition: () => true }]);
      return isThere;
    },
  };
}

type TableHistory = {
  record(writes: readonly MemoryWrite[], standing: readonly Standing[]): void;
  /** What stood so long ago. */
  scan(sort: string, agoMs: number): readonly string[];
};

function tableHistory(now: () => number, agoMsMax: number): TableHistory {
  /** What stands now, by sort key and partition, and what stood before it, oldest first. */
  const standingNow = new Map<string, Map<string, string>>();
  let past: Past[] = [];

  return {
    record(writes, standing) {
      const at = now();
      const forgotten = past.findIndex(({ until }) => until + agoMsMax >= at);
      if (forgotten !== 0) past = forgotten < 0 ? [] : past.slice(forgotten);
      for (const { partition, sort, text } of standing) {
        past.push({ until: at, partition, sort, text });
      }
      for (const { partition, sort, text } of writes) {
        const items = standingNow.get(sort) ?? new Map<string, string>();
        standingNow.set(sort, put(items, partition, text));
      }
    },
    scan(sort, agoMs) {
      const asOf = now() - Math.min(agoMs, agoMsMax);
      const items = new Map(standingNow.get(sort));
      // From the newest on back, so that what stood at the moment itself is put in last.
      for (const earlier of past.toReversed()) {
        if (earlier.until <= asOf) break;
        if (earlier.sort === sort) put(items, earlier.partition, earlier.text);
      }
      return [...items.values()];
    },
  };
}

function put(
  items: Map<string, string>,
  partition: string,
  text: string | undefined,
): Map<string, string> {
  if (text === undefined) items.delete(partition);
  else items.set(partition, text);
  return items;
}

type Standing = Pick<Past, "partition" | "sort" | "text">;

/**
 * None for a write that changed nothing: "if you perform a PutItem or UpdateItem operation that
 * does not change any data in an item, DynamoDB Streams doesn't write a stream record for that
 * operation" (Streams.html, Amazon DynamoDB Developer Guide).
 */
function itemChange(
  { partition, sort, text }: MemoryWrite,
  before: string | undefined,
): readonly ItemChange[] {
  if (before === text) return [];
  const kind = before === undefined ? "INSERT" : text === undefined ? "REMOVE" : "MODIFY";
  return [{ kind, partition, sort, ...(text === undefined ? {} : { text }) }];
}
