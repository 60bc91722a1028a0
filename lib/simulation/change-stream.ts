/**
 * A DynamoDB change stream, as its shards are read: "each stream record appears exactly once in the
 * stream", and "for each item that is modified, the stream records appear in the same sequence as
 * the actual modifications" (Streams.html, Amazon DynamoDB Developer Guide). Nothing is said of two
 * items, be they of one partition key or of one transaction. The reader sees each at least once.
 */

export type ItemChange = {
  readonly kind: "INSERT" | "MODIFY" | "REMOVE";
  readonly partition: string;
  readonly sort: string;
  /** The new image. Absent: the item is gone. */
  readonly text?: string;
};

export type StreamRecord = ItemChange & {
  /** Its sequence number. */
  readonly position: string;
};

export type StreamBatch = { readonly shard: string; readonly records: readonly StreamRecord[] };

export type ChangeStream = {
  /** What one write or transaction changed. */
  append(changes: readonly ItemChange[]): void;
  /**
   * Closes a shard and opens two behind it. "Applications must always process a parent shard before
   * they process a child shard" (same page, "Reading and processing a stream"); Lambda does.
   *
   * @param pick which of so many open ones, from 0. Default: the oldest.
   * @returns whether its parent still had records to read; undefined: no more may be opened.
   */
  split(pick?: (open: number) => number): { readonly isBehind: boolean } | undefined;
  /**
   * The next records of every shard whose parent is read to its end; the same ones again until
   * `advance` says that they are done. Only one batch of a shard is out at a time
   * (docs.aws.amazon.com/lambda/latest/dg/with-ddb.html, parallelization factor 1).
   */
  next(max: number): readonly StreamBatch[];
  /**
   * @param failed the lowest position that failed; it and all behind it come again. "Lambda uses
   * the record with the lowest sequence number as the checkpoint"
   * (docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html). Absent: all are
   * done.
   */
  advance(batch: StreamBatch, failed?: string): void;
  /** Records that nobody has read to their end. */
  unread(): number;
};

type Shard = {
  readonly id: string;
  readonly parent: Shard | undefined;
  /** An item belongs to a shard by its hash: of `of` equal parts it has the `part`th. */
  readonly part: number;
  readonly of: number;
  readonly records: StreamRecord[];
  isOpen: boolean;
  read: number;
};

export type ChangeStreamOptions = {
  /**
   * Spreads items over shards. By the partition alone, all its items stay together; by both keys
   * they do not, and only each item's own changes are in order: that is all that Lambda promises
   * where it reads a shard in several batches at once ("in-order processing at the item (partition
   * and sort key) level", services-dynamodb-eventsourcemapping.html, AWS Lambda Developer Guide).
   */
  readonly hash: (partition: string, sort: string) => number;
  /** Default: 1. */
  readonly shards?: number;
  /** No more are opened than this. Default: 16. */
  readonly shardsMax?: number;
};

export function changeStream(options: ChangeStreamOptions): ChangeStream {
  const { hash, shards: count = 1, shardsMax = 16 } = options;
  const shards: Shard[] = [];
  let serial = 0;

  const open = (part: number, of: number, parent: Shard | undefined): void => {
    const id = `shard-${shards.length + 1}`;
    shards.push({ id, parent, part, of, records: [], isOpen: true, read: 0 });
  };
  for (let part = 0; part < count; part += 1) open(part, count, undefined);

  const shardOf = ({ partition, sort }: ItemChange): Shard | undefined => {
    const place = hash(partition, sort) >>> 0;
    return shards.find(({ isOpen, part, of }) => isOpen && place % of === part);
  };
  /** A shard may close before anything came into it; what is before it counts all the same. */
  const isReadToItsEnd = ({ records, read, isOpen, parent }: Shard): boolean =>
    !isOpen && read === records.length && (parent === undefined || isReadToItsEnd(parent));

  return {
    append(changes) {
      for (const change of changes) {
        serial += 1;
        const position = String(serial).padStart(21, "0");
        shardOf(change)?.records.push({ ...change, position });
      }
    },

    split(pick = () => 0) {
      const opened = shards.filter(({ isOpen }) => isOpen);
      const parent = opened[pick(opened.length)];
      if (parent === undefined || shards.length + 2 > shardsMax) return undefined;
      parent.isOpen = false;
      open(parent.part, parent.of * 2, parent);
      open(parent.part + parent.of, parent.of * 2, parent);
      return { isBehind: parent.read < parent.records.length };
    },

    next: (max) =>
      shards
        .filter(({ parent }) => parent === undefined || isReadToItsEnd(parent))
        .map(({ id, records, read }) => ({ shard: id, records: records.slice(read, read + max) }))
        .filter(({ records }) => records.length > 0),

    advance({ shard: id, records }, failed) {
      const shard = shards.find((each) => each.id === id);
      const [first] = records;
      if (shard === undefined || first === undefined) return;
      const index = records.findIndex(({ position }) => position === failed);
      const done = index < 0 ? records.length : index;
      const from = shard.records.findIndex(({ position }) => position === first.position);
      // A batch that was read twice at once is done when either of them is.
      shard.read = Math.max(shard.read, from + done);
    },

    unread: () => shards.reduce((sum, { records, read }) => sum + records.length - read, 0),
  };
}
