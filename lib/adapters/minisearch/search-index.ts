/**
 * The search index of a warm function: a snapshot in memory, looked after at intervals. Whoever
 * comes while it is being looked after waits for the same answer.
 */
import type { Clock } from "#kernel/clock";
import { type DurationMs, type EpochMs, later } from "#kernel/units";
import type { SearchIndex, SnapshotStore } from "#services/products/search-ports";
import { type Catalogue, catalogueOf } from "./catalogue.ts";
import { find, goOn } from "./find.ts";
import { decodeSnapshot, emptySnapshot } from "./snapshot.ts";

export type SnapshotSearchProps = {
  readonly snapshots: SnapshotStore;
  readonly clock: Clock;
  /** Between two looks at the store: so old may what is found be. */
  readonly lookEveryMs: DurationMs;
  /** Told when a look failed while there was an older snapshot to go on with. */
  readonly onStale?: (error: unknown) => void;
};

type Loaded = { readonly tag: string | undefined; readonly catalogue: Catalogue };

/**
 * Without a snapshot nothing is found. Errors: the store's and `decodeSnapshot`'s, only while no
 * snapshot could be loaded yet.
 */
export function snapshotSearch(props: SnapshotSearchProps): SearchIndex {
  const current = looking(props);
  return {
    search: async (request) => find(await current(), request),
    async show(skus) {
      const { bySku } = await current();
      return skus.flatMap((sku) => bySku.get(sku)?.product ?? []);
    },
    suggest: async (text, limit) => goOn(await current(), text, limit),
  };
}

function looking({ snapshots, clock, lookEveryMs, onStale }: SnapshotSearchProps) {
  let loaded: Loaded | undefined;
  let nextLookAt = 0 as EpochMs;
  let underWay: Promise<Catalogue> | undefined;

  const look = async (): Promise<Catalogue> => {
    try {
      const stored = await snapshots.read(loaded?.tag);
      if (stored === undefined) loaded = nothing();
      else if (stored !== "unchanged") {
        loaded = { tag: stored.tag, catalogue: catalogueOf(await decodeSnapshot(stored.bytes)) };
      }
    } catch (error) {
      if (loaded === undefined) throw error;
      onStale?.(error);
    }
    nextLookAt = later(clock.now(), lookEveryMs);
    return (loaded ?? nothing()).catalogue;
  };

  return async (): Promise<Catalogue> => {
    if (loaded !== undefined && clock.now() < nextLookAt) return loaded.catalogue;
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

const nothing = (): Loaded => ({ tag: undefined, catalogue: catalogueOf(emptySnapshot()) });
