/**
 * What a layer of copies had to say when it was asked: counted for operators, and told to callers
 * in the words of RFC 9211.
 */
import type { CacheLayerName } from "#contracts/cache";
import { METRICS, type MetricName } from "#contracts/metrics";
import type { DurationMs } from "#kernel/units";

/** Of a layer that was asked. */
export type Looked = { readonly layer: CacheLayerName } & (
  | { readonly outcome: "hit"; readonly freshMs: DurationMs }
  | { readonly outcome: "miss" | "stale" }
);

export type Lookup = Looked | { readonly layer: CacheLayerName; readonly outcome: "bypassed" };

const METRICS_OF = {
  module: {
    hit: METRICS.cacheModuleHits,
    miss: METRICS.cacheModuleMisses,
    stale: METRICS.cacheModuleStale,
  },
  valkey: {
    hit: METRICS.cacheValkeyHits,
    miss: METRICS.cacheValkeyMisses,
    stale: METRICS.cacheValkeyStale,
  },
} as const;

export const lookedMetric = ({ layer, outcome }: Looked): MetricName => METRICS_OF[layer][outcome];

/**
 * The header `Cache-Status`: a member for each layer, the one nearest to the truth first.
 * Source: RFC 9211 section 2.
 */
export function cacheStatus(lookups: readonly Lookup[]): Readonly<Record<"cache-status", string>> {
  const members = lookups.map((lookup) => `${lookup.layer}; ${parameters(lookup)}`);
  return { "cache-status": members.toReversed().join(", ") };
}

function parameters(lookup: Lookup): string {
  switch (lookup.outcome) {
    case "hit":
      return `hit; ttl=${Math.floor(lookup.freshMs / 1000)}`;
    case "miss":
      return "fwd=uri-miss";
    case "stale":
      return "fwd=stale";
    case "bypassed":
      return "fwd=request";
    default:
      return lookup satisfies never;
  }
}
