/**
 * A set that may be changed in several places and merged without losing an item: an observed-remove
 * set without tombstones. Every add is a dot, the replica that made it and its number there; a dot
 * that a replica has seen and no longer holds has been removed.
 * Source: Bieniusa et al., "An Optimized Conflict-Free Replicated Set", INRIA RR-8083, 2012.
 */

export type Dot = {
  readonly replica: string;
  /** Rises with every add of its replica; from 1, gaps are allowed. */
  readonly number: number;
};

export type Entry<Item> = { readonly dot: Dot; readonly item: Item };

export type CartSet<Item> = {
  /** In the order of their dots, so that equal sets are equal values. */
  readonly entries: readonly Entry<Item>[];
  /** The highest number seen of each replica. */
  readonly seen: Readonly<Record<string, number>>;
};

export const emptySet: CartSet<never> = { entries: [], seen: {} };

/** @param dot its number is above all that the set has seen of its replica */
export const withEntry = <Item>(set: CartSet<Item>, dot: Dot, item: Item): CartSet<Item> => ({
  entries: [...set.entries, { dot, item }].toSorted(byDot),
  seen: { ...set.seen, [dot.replica]: Math.max(dot.number, seenOf(set, dot.replica)) },
});

/** Removes what was observed; an add that was not stays, here and after every merge. */
export const without = <Item>(
  set: CartSet<Item>,
  observed: (entry: Entry<Item>) => boolean,
): CartSet<Item> => ({ ...set, entries: set.entries.filter((entry) => !observed(entry)) });

/** Commutative, associative, idempotent. */
export function merged<Item>(one: CartSet<Item>, other: CartSet<Item>): CartSet<Item> {
  const kept = one.entries.filter((entry) => holds(other, entry) || !hasSeen(other, entry));
  const added = other.entries.filter((entry) => !hasSeen(one, entry));
  const replicas = [...Object.keys(one.seen), ...Object.keys(other.seen)];
  return {
    entries: [...kept, ...added].toSorted(byDot),
    seen: Object.fromEntries(
      replicas.map((replica) => [replica, Math.max(seenOf(one, replica), seenOf(other, replica))]),
    ),
  };
}

/** A text for each dot. */
export const dotName = ({ replica, number }: Dot): string => `${replica}#${number}`;

const seenOf = (set: CartSet<unknown>, replica: string): number => set.seen[replica] ?? 0;

const hasSeen = (set: CartSet<unknown>, { dot }: Entry<unknown>): boolean =>
  dot.number <= seenOf(set, dot.replica);

const holds = (set: CartSet<unknown>, { dot }: Entry<unknown>): boolean =>
  set.entries.some((entry) => entry.dot.number === dot.number && entry.dot.replica === dot.replica);

function byDot(one: Entry<unknown>, other: Entry<unknown>): number {
  if (one.dot.replica !== other.dot.replica) return one.dot.replica < other.dot.replica ? -1 : 1;
  return one.dot.number - other.dot.number;
}
