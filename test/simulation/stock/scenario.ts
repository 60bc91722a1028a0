/**
 * The stock under every fault.
 */
import type { Scenario } from "#simulation/scenario";
import type { StockPlant } from "./plant.ts";
import { runStock, STOCK_FAULTS } from "./world.ts";

/** Each has to be reached again and again, else a run says little. */
const BRANCHES = [
  "hold",
  "tombstone",
  "several-shards",
  "committed",
  "shipped",
  "released",
  "expired",
  "adjusted",
  "moved",
  "more-shards",
  "fewer-shards",
  "told-reserved",
  "told-already-reserved",
  "told-released",
  "told-out-of-stock",
  "told-committed",
  "told-not-held",
  "hand-over-sent",
  "hand-over-deleted",
  "hand-over-dead",
  "hand-over-redriven",
  "told-release-released",
  "told-release-already-released",
  "told-release-tombstone",
  "told-adjust-recorded",
  "told-adjust-short",
  "invocation-answered",
  "invocation-crashed",
  "invocation-timed-out",
  "failed-store-throttled",
  "failed-store-unavailable",
  "failed-outcome-unknown",
] as const;

export const stockScenario: Scenario = stockScenarioWith("stock");

/** @param plant something wrong in the place of something right, made for each schedule. */
export function stockScenarioWith(name: string, plant?: () => StockPlant): Scenario {
  return {
    name,
    faults: Object.keys(STOCK_FAULTS),
    branches: BRANCHES,
    run: (schedule) => runStock({ schedule, ...(plant === undefined ? {} : { plant: plant() }) }),
  };
}
