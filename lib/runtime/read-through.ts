/**
 * Reads through layers of copies: the nearest fresh one answers, what has none is read once for all
 * who wait for it, and copies end at different times, so that many readers never ask the store
 * together. Source: "Caching challenges and strategies", Amazon Builders' Library.
 */
import { METRICS } from "#contracts/metrics";
import type { Lookup } from "./cache-lookup.ts";
import { cacheLayers, type CacheLayersOptions, type Versioned } from "./cache-layers.ts";

export type ReadThroughOptions<Value> = CacheLayersOptions<Value> & {
  /** The truth; undefined where there is nothing, which is not remembered. */
  readonly read: (key: string) => Promise<Versioned<Value> | undefined>;
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

export function readThrough<Value>(options: ReadThroughOptions<Value>): ReadThrough<Value> {
  const { layers, read, count } = options;
  const copies = cacheLayers(options);
  /** One read for each key that is being read now. */
  const flights = new Map<string, Promise<Answered<Value>>>();

  const readTruth = async (key: string): Promise<Value | undefined> => {
    count(METRICS.cacheReads);
    const truth = await read(key);
    if (truth !== undefined) await copies.put(key, truth);
    return truth?.value;
  };

  const look = async (key: string): Promise<Answered<Value>> => {
    const found = await copies.find(key);
    return found.value === undefined ? { ...found, value: await readTruth(key) } : found;
  };

  return {
    async get(key, isAnew = false) {
      if (isAnew) {
        // Never another's read: that may have begun before the change that is asked for.
        count(METRICS.cacheBypassed);
        const lookups = layers.map(({ name }): Lookup => ({ layer: name, outcome: "bypassed" }));
        return { value: await readTruth(key), lookups };
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
    put: (key, known) => copies.put(key, known),
  };
}
