/**
 * The dashboard's row about copies of the catalogue: how much of what is read they answer, and what
 * is left for the table.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import type { DashboardRow } from "../constructs/dashboard.ts";
import { labelled, type OwnMetrics, share } from "../constructs/metrics.ts";

export function copiesRow(own: OwnMetrics): DashboardRow {
  const of = (name: keyof typeof METRICS) => own(METRICS[name], SERVICES.products);
  const named = (name: keyof typeof METRICS) => labelled(of(name), METRICS[name]);
  return {
    heading: "## Copies of the catalogue: how often is the table not asked?",
    graphs: [
      {
        title: "Answered by a layer, in % of what it was asked",
        metrics: [
          share("module", of("cacheModuleHits"), [of("cacheModuleMisses"), of("cacheModuleStale")]),
          share("valkey", of("cacheValkeyHits"), [of("cacheValkeyMisses"), of("cacheValkeyStale")]),
        ],
      },
      {
        title: "Reads of the table, and why",
        metrics: [
          named("cacheReads"),
          named("cacheBypassed"),
          named("cacheModuleStale"),
          named("cacheModuleMisses"),
        ],
      },
      {
        title: "Waited for another's read; caches worked without",
        metrics: [named("cacheCollapsed"), named("cacheFailures")],
      },
    ],
  };
}
