/**
 * What a sandbox remembers of the keys it has seen done. It is hearsay: it may be outdated, wrong
 * or gone, so it chooses which question the store is asked first, and never answers in its place.
 */
import { recentMap } from "#kernel/recent-map";
import { type IdempotencyMetrics, noMetrics } from "./idempotency-metrics.ts";

export type SeenKeys = {
  /** May be wrong either way. */
  has(key: string): boolean;
  add(key: string): void;
};

/** Exact, for the last `keysMax` keys; about 200 bytes each. */
export function recentKeys(keysMax: number, metrics: IdempotencyMetrics = noMetrics): SeenKeys {
  const keys = recentMap<true>(keysMax);
  return {
    has: (key) => keys.get(key) === true,
    add(key) {
      if (keys.put(key, true)) metrics.count("evicted");
    },
  };
}
