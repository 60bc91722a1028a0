/**
 * How full one transaction is. A store refuses one that is too large or writes an item twice;
 * better to know before.
 */
import { Failure } from "#kernel/failure";
import type { Message } from "../envelope/envelope.ts";
import type { CommitBounds } from "../head/head-store.ts";

export type TransactionLoad<Write> = {
  readonly writes: readonly Write[];
  readonly items: ReadonlySet<string>;
  readonly bytes: number;
};

export const emptyLoad: TransactionLoad<never> = { writes: [], items: new Set(), bytes: 0 };

/**
 * The writes of one message, in a transaction of their own.
 *
 * @throws Failure `payload-too-large`, action `halt`, when no transaction can hold them.
 */
export function loadOf<Write>(
  message: Message,
  writes: readonly Write[],
  bounds: CommitBounds<Write>,
): TransactionLoad<Write> {
  if (writes.length === 0) return emptyLoad;
  const footprints = writes.map((write) => bounds.footprint(write));
  const items = new Set(footprints.map(({ item }) => item));
  const bytes = footprints.reduce((sum, footprint) => sum + footprint.bytes, 0);
  const largest = footprints.reduce((max, footprint) => Math.max(max, footprint.bytes), 0);

  const load = { writes, items, bytes };
  const eachOnce = items.size === writes.length;
  if (eachOnce && largest <= bounds.writeBytesMax && fits(load, bounds)) return load;
  throw new Failure(
    "payload-too-large",
    "halt",
    `Message ${JSON.stringify(message.id)} leads to ${writes.length} writes to ` +
      `${items.size} items, ${bytes} bytes together, the largest ${largest}. One transaction ` +
      `holds ${bounds.writesMax} writes, each to another item and of at most ` +
      `${bounds.writeBytesMax} bytes, together ${bounds.bytesMax}.`,
  );
}

/** Undefined when one transaction does not hold both. */
export function joined<Write>(
  load: TransactionLoad<Write>,
  more: TransactionLoad<Write>,
  bounds: CommitBounds<Write>,
): TransactionLoad<Write> | undefined {
  if (more.writes.length === 0) return load;
  for (const item of more.items) if (load.items.has(item)) return undefined;
  const both = {
    writes: [...load.writes, ...more.writes],
    items: new Set([...load.items, ...more.items]),
    bytes: load.bytes + more.bytes,
  };
  return fits(both, bounds) ? both : undefined;
}

const fits = <Write>({ writes, bytes }: TransactionLoad<Write>, bounds: CommitBounds<Write>) =>
  writes.length <= bounds.writesMax && bytes <= bounds.bytesMax;
