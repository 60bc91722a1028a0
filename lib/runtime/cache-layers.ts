/**
 * Copies in layers, the nearest first: how one is found, kept near, and put into all of them. A
 * layer that fails is worked without.
 */
import {
  type Cache,
  type CacheEntry,
  type CacheLayerName,
  copyKey,
  type CopyKind,
} from "#contracts/cache";
import { METRICS, type MetricName } from "#contracts/metrics";
import { type DurationMs, type EpochMs, later, milliseconds } from "#kernel/units";
import { lookedMetric, type Looked } from "./cache-lookup.ts";

export type Versioned<Value> = { readonly version: number; readonly value: Value };

export type CacheLayer = {
  readonly name: CacheLayerName;
  readonly cache: Cache;
  /** The longest that a copy answers from here; each ends in its second half. */
  readonly freshMs: DurationMs;
};

export type CacheLayersOptions<Value> = {
  readonly kind: CopyKind;
  /** The nearest first. */
  readonly layers: readonly CacheLayer[];
  /** A copy's JSON, back; undefined for what this release does not read, which is passed over. */
  readonly open: (document: unknown) => Value | undefined;
  readonly now: () => EpochMs;
  /** Answers a number in [0, 1). */
  readonly random: () => number;
  readonly count: (metric: MetricName) => void;
};

export type Found<Value> = {
  readonly value: Value | undefined;
  readonly lookups: readonly Looked[];
};

/** Neither ever fails. */
export type CacheLayers<Value> = {
  find(key: string): Promise<Found<Value>>;
  put(key: string, known: Versioned<Value>): Promise<void>;
};

/**
 * About as long as a read takes. A copy is renewed that long before its end by some one of its
 * readers, the likelier the nearer the end, so that those who share no memory do not ask together.
 * Source: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention".
 */
const EARLY_MS = 20;

export function cacheLayers<Value>(options: CacheLayersOptions<Value>): CacheLayers<Value> {
  const { kind, layers, open, now, random, count } = options;

  const endOf = ({ freshMs }: CacheLayer): EpochMs =>
    later(now(), milliseconds(Math.ceil(freshMs * (1 - random() / 2))));

  const isFresh = (entry: CacheEntry): boolean =>
    entry.freshUntil + EARLY_MS * Math.log(1 - random()) > now();

  const orNothing = async <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await asked;
    } catch {
      count(METRICS.cacheFailures);
      return undefined;
    }
  };

  const putInto = async (
    some: readonly CacheLayer[],
    key: string,
    entry: Omit<CacheEntry, "freshUntil"> & { readonly endsBy?: EpochMs },
  ): Promise<void> => {
    const { endsBy = Number.POSITIVE_INFINITY, version, text } = entry;
    const put = some.map((layer) => {
      const freshUntil = Math.min(endsBy, endOf(layer)) as EpochMs;
      return orNothing(layer.cache.put(copyKey(kind, key), { version, text, freshUntil }));
    });
    await Promise.all(put);
  };

  const look = async ({ name, cache }: CacheLayer, key: string): Promise<Seen<Value>> => {
    const entry = await orNothing(cache.get(copyKey(kind, key)));
    if (entry === undefined) return { looked: { layer: name, outcome: "miss" } };
    if (!isFresh(entry)) return { looked: { layer: name, outcome: "stale" } };
    const value = opened(entry.text, open);
    if (value === undefined) {
      count(METRICS.cacheFailures);
      return { looked: { layer: name, outcome: "miss" } };
    }
    const freshMs = milliseconds(entry.freshUntil - now());
    return { looked: { layer: name, outcome: "hit", freshMs }, copy: { entry, value } };
  };

  return {
    async find(key) {
      const lookups: Looked[] = [];
      for (const [depth, layer] of layers.entries()) {
        const { looked, copy } = await look(layer, key);
        lookups.push(looked);
        count(lookedMetric(looked));
        if (copy === undefined) continue;
        const { entry, value } = copy;
        // What came from afar is kept near; it ends no later than its source.
        await putInto(layers.slice(0, depth), key, { ...entry, endsBy: entry.freshUntil });
        return { value, lookups };
      }
      return { value: undefined, lookups };
    },
    put: (key, { version, value }) =>
      putInto(layers, key, { version, text: JSON.stringify(value) }),
  };
}

type Seen<Value> = {
  readonly looked: Looked;
  readonly copy?: { readonly entry: CacheEntry; readonly value: Value };
};

function opened<Value>(
  text: string,
  open: (document: unknown) => Value | undefined,
): Value | undefined {
  try {
    return open(JSON.parse(text));
  } catch {
    return undefined;
  }
}
