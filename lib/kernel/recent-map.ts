/**
 * A map that forgets what was not used for longest, so that memory has a bound.
 */

export type RecentMap<Value> = {
  /** Counts as a use. */
  get(key: string): Value | undefined;
  /** Answers whether another entry was forgotten for it. */
  put(key: string, value: Value): boolean;
  drop(key: string): void;
};

/** @param entriesMax 0: nothing is ever remembered. */
export function recentMap<Value>(entriesMax: number): RecentMap<Value> {
  // A Map keeps the order of insertion: its first entry is the least recently used.
  const entries = new Map<string, { readonly value: Value }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    put(key, value) {
      entries.delete(key);
      entries.set(key, { value });
      if (entries.size <= entriesMax) return false;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
      return true;
    },
    drop(key) {
      entries.delete(key);
    },
  };
}
