/**
 * The nearest cache: this sandbox's memory, which lives as long as the function's module does.
 */
import type { Cache, CacheEntry } from "#contracts/cache";
import { recentMap } from "#kernel/recent-map";

/** @param entriesMax what was not used for longest is forgotten first. */
export function moduleCache(entriesMax: number): Cache {
  const entries = recentMap<CacheEntry>(entriesMax);
  return {
    get: (key) => Promise.resolve(entries.get(key)),
    put(key, entry) {
      const present = entries.get(key);
      if (present === undefined || present.version <= entry.version) entries.put(key, entry);
      return Promise.resolve();
    },
  };
}
