/**
 * Reads through layers of copies: the nearest fresh one answers, what has none is read once for all
 * who wait for it, and copies end at different times, so that many readers never ask the store
 * together. Source: "Caching challenges and strategies", Amazon Builders' Library.
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
import { lookedMetric, type Looked, type Lookup } from "./cache-lookup.ts";

export type Versioned<Value> = { readonly version: number; readonly value: Value };

export type CacheLayer = {
  readonly name: CacheLayerName;
  readonly cache: Cache;
  /** The longest that a copy answers from here; each ends in its second half. */
  readonly freshMs: DurationMs;
};

export type ReadThroughOptions<Value> = {
  readonly kind: CopyKind;
  /** The nearest first. */
  readonly layers: readonly CacheLayer[];
  /** The truth; undefined where there is nothing, which is not remembered. */
  readonly read: (key: string) => Promise<Versioned<Value> | undefined>;
  /** A copy's JSON, back; undefined for what this release does not read, which is passed over. */
  readonly open: (document: unknown) => Value | undefined;
  readonly now: () => EpochMs;
  /** Answers a number in [0, 1). */
  readonly random: () => number;
  readonly count: (metric: MetricName) => void;
};

export type Answered<Value> = {
  readonly value: Value | undefined;
  /** What each layer that was asked had to say, the nearest first. */
  readonly lookups: readonly Lookup[];
};

export type ReadThrough<Value> = {
  /**
   * Errors: those of `read`.
   *
   * @param isAnew asks the truth whatever copies say, and replaces them
   */
  get(key: string, isAnew?: boolean): Promise<Answered<Value>>;
  /** Something has changed: what is known of it now. Copies of an older version give way. */
  put(key: string, known: Versioned<Value>): Promise<void>;
};

/**
 * About as long as a read takes. A copy is renewed that long before its end by some one of its
 * readers, the likelier the nearer the end, so that those who share no memory do not ask together.
 * Source: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention".
 */
const EARLY_MS = 20;

export function readThrough<Value>(options: ReadThroughOptions<Value>): ReadThrough<Value> {
  const { kind, layers, read, open, now, random, count } = options;
  /** One read for each key that is being read now. */
  const flights = new Map<string, Promise<Answered<Value>>>();

  const freshUntil = ({ freshMs }: CacheLayer): EpochMs =>
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

  const put = async (key: string, { version, value }: Versioned<Value>): Promise<void> => {
    const text = JSON.stringify(value);
    await Promise.all(
      layers.map((layer) =>
        orNothing(
          layer.cache.put(copyKey(kind, key), { version, text, freshUntil: freshUntil(layer) }),
        ),
      ),
    );
  };

  /** What came from afar is kept near; it ends no later than its source. */
  const keepNear = async (key: string, found: CacheEntry, depth: number): Promise<void> => {
    const nearer = layers.slice(0, depth).map((layer) => {
      const ends = Math.min(found.freshUntil, freshUntil(layer)) as EpochMs;
      return orNothing(layer.cache.put(copyKey(kind, key), { ...found, freshUntil: ends }));
    });
    await Promise.all(nearer);
  };

  const readTruth = async (key: string, lookups: readonly Lookup[]): Promise<Answered<Value>> => {
    count(METRICS.cacheReads);
    const truth = await read(key);
    if (truth !== undefined) await put(key, truth);
    return { value: truth?.value, lookups };
  };

  const look = async (key: string): Promise<Answered<Value>> => {
    const lookups: Looked[] = [];
    const tell = (looked: Looked): void => {
      lookups.push(looked);
      count(lookedMetric(looked));
    };
    for (const [depth, layer] of layers.entries()) {
      const found = await orNothing(layer.cache.get(copyKey(kind, key)));
      const { name } = layer;
      if (found === undefined || !isFresh(found)) {
        tell({ layer: name, outcome: found === undefined ? "miss" : "stale" });
        continue;
      }
      const value = opened(found.text, open);
      if (value === undefined) {
        count(METRICS.cacheFailures);
        tell({ layer: name, outcome: "miss" });
        continue;
      }
      tell({ layer: name, outcome: "hit", freshMs: milliseconds(found.freshUntil - now()) });
      await keepNear(key, found, depth);
      return { value, lookups };
    }
    return readTruth(key, lookups);
  };

  return {
    async get(key, isAnew = false) {
      if (isAnew) {
        // Never another's read: that may have begun before the change that is asked for.
        count(METRICS.cacheBypassed);
        const bypassed = layers.map(({ name }): Lookup => ({ layer: name, outcome: "bypassed" }));
        return readTruth(key, bypassed);
      }
      const under = flights.get(key);
      if (under !== undefined) {
        count(METRICS.cacheCollapsed);
        return under;
      }
      const begun = look(key).finally(() => flights.delete(key));
      flights.set(key, begun);
      return begun;
    },
    put,
  };
}

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
