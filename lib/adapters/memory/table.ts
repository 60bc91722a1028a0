/**
 * A table in memory: items by partition and sort key, written all or none. Heads and commits of one
 * service share one, as they do in DynamoDB, so that a transaction over both is one step here too.
 */

export type MemoryWrite = {
  readonly partition: string;
  readonly sort: string;
  /**
   * Stored as text, so that what is read back shares nothing with what was written. Undefined: the
   * item is deleted.
   */
  readonly text: string | undefined;
  /** Whether the item may be replaced, given what stands there now. */
  readonly condition: (standing: string | undefined) => boolean;
};

export type MemoryTable = {
  get(partition: string, sort: string): string | undefined;
  /** Every item of the table with this sort key; for indexes, not counted as a request. */
  scan(sort: string): readonly string[];
  /** In no order; for indexes and scans, not counted as a request. */
  partitions(): readonly string[];
  /** The items whose sort key begins so, in the order of their keys. */
  query(partition: string, sortPrefix: string): readonly string[];
  /**
   * Answers the indexes of the writes whose condition failed; none: all of them have been written.
   */
  write(writes: readonly MemoryWrite[]): readonly number[];
  /** Requests so far, by kind; what a store would have been asked over the network. */
  readonly requests: { readonly reads: number; readonly writes: number };
};

export function memoryTable(): MemoryTable {
  const partitions = new Map<string, Map<string, string>>();
  const requests = { reads: 0, writes: 0 };

  return {
    requests,
    get(partition, sort) {
      requests.reads += 1;
      return partitions.get(partition)?.get(sort);
    },
    scan: (sort) =>
      [...partitions.values()].flatMap((items) => {
        const text = items.get(sort);
        return text === undefined ? [] : [text];
      }),
    partitions: () => [...partitions.keys()],
    query(partition, sortPrefix) {
      requests.reads += 1;
      return [...(partitions.get(partition) ?? [])]
        .filter(([sort]) => sort.startsWith(sortPrefix))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, text]) => text);
    },
    write(writes) {
      requests.writes += 1;
      const refused = writes.flatMap(({ partition, sort, condition }, index) =>
        condition(partitions.get(partition)?.get(sort)) ? [] : [index],
      );
      if (refused.length > 0) return refused;
      for (const { partition, sort, text } of writes) {
        const items = partitions.get(partition) ?? new Map<string, string>();
        if (text === undefined) items.delete(sort);
        else items.set(sort, text);
        partitions.set(partition, items);
      }
      return [];
    },
  };
}
