/**
 * Reads through caches: the nearest fresh copy answers, what has none is read once for all who wait
 * for it, and copies end at different times, so that many readers never ask the store together.
 * Source: "Caching challenges and strategies", Amazon Builders' Library (thundering herds).
 */
import type { Cache, CacheEntry } from "#contracts/cache";
import { METRICS, type MetricName } from "#contracts/metrics";
import { type DurationMs, type EpochMs, later, milliseconds } from "#kernel/units";

export type Versioned = { readonly version: number; readonly text: string };

export type ReadThroughOptions = {
  /** The nearest first. */
  readonly caches: readonly Cache[];
  /** The truth; undefined where there is nothing, which is not remembered. */
  readonly read: (key: string) => Promise<Versioned | undefined>;
  /** The longest that a copy answers without a look at the truth; each ends in its second half. */
  readonly freshMs: DurationMs;
  readonly now: () => EpochMs;
  /** Answers a number in [0, 1). */
  readonly random: () => number;
  readonly count: (metric: MetricName) => void;
};

export type ReadThrough = {
  /**
   * Errors: those of `read`.
   *
   * @param isAnew asks the truth whatever copies say, and replaces them
   */
  get(key: string, isAnew?: boolean): Promise<Versioned | undefined>;
  /** Something has changed: what is known of it now. Copies of an older version give way. */
  put(key: string, value: Versioned): Promise<void>;
};

export function readThrough(options: ReadThroughOptions): ReadThrough {
  const { caches, read, freshMs, now, random, count } = options;
  /** One read for each key that is being read now. */
  const flights = new Map<string, Promise<Versioned | undefined>>();

  const entryOf = ({ version, text }: Versioned): CacheEntry => {
    const lasting = milliseconds(Math.ceil(freshMs * (1 - random() / 2)));
    return { version, text, freshUntil: later(now(), lasting) };
  };

  const keep = async (key: string, value: Versioned, into: readonly Cache[]): Promise<void> => {
    const entry = entryOf(value);
    await Promise.all(into.map((cache) => orNothing(cache.put(key, entry))));
  };

  const orNothing = async <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await asked;
    } catch {
      count(METRICS.cacheFailures);
      return undefined;
    }
  };

  const look = async (key: string, isAnew: boolean): Promise<Versioned | undefined> => {
    for (const [index, cache] of isAnew ? [] : caches.entries()) {
      const found = await orNothing(cache.get(key));
      if (found === undefined || found.freshUntil <= now()) continue;
      count(METRICS.cacheHits);
      // What came from afar is kept near; it ends when its source would.
      await Promise.all(caches.slice(0, index).map((nearer) => orNothing(nearer.put(key, found))));
      return { version: found.version, text: found.text };
    }
    count(METRICS.cacheMisses);
    const value = await read(key);
    if (value !== undefined) await keep(key, value, caches);
    return value;
  };

  return {
    get(key, isAnew = false) {
      const flight = `${isAnew ? "anew" : "any"} ${key}`;
      const under = flights.get(flight);
      if (under !== undefined) {
        count(METRICS.cacheShared);
        return under;
      }
      const begun = look(key, isAnew).finally(() => flights.delete(flight));
      flights.set(flight, begun);
      return begun;
    },
    put: (key, value) => keep(key, value, caches),
  };
}
