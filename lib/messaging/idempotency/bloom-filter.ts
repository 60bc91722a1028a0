/**
 * Remembers very many keys in about ten bits each, at the price of sometimes taking a new key for a
 * known one. Source: Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors" (1970);
 * Kirsch and Mitzenmacher, "Less Hashing, Same Performance" (2006).
 */
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import { type IdempotencyMetrics, noMetrics } from "./idempotency-metrics.ts";
import type { SeenKeys } from "./seen-keys.ts";

export type BloomFilterSettings = {
  /** Keys that are certainly remembered: the newest so many, up to twice as many. 1 to 10^7. */
  readonly keys: number;
  /** The most new keys that are taken for known ones, as a share: 10^-6 to 0.5. */
  readonly errorRate: number;
};

export type BloomFilter = SeenKeys & {
  /** Of memory, in all: computed from the settings. */
  readonly bits: number;
  /** Bits of one key. */
  readonly hashes: number;
  /** What share of new keys would be taken for known ones now, by how full the filter is. */
  errorRateNow(): number;
};

/**
 * Two generations: when the younger one is full it becomes the older one, and what that held is
 * forgotten. So it never fills up, and needs no list of keys to be built again. Each generation has
 * half the error rate.
 *
 * @throws Failure `misconfigured` (reject) for settings out of their ranges.
 */
export function bloomFilter(
  { keys, errorRate }: BloomFilterSettings,
  metrics: IdempotencyMetrics = noMetrics,
): BloomFilter {
  check(keys, errorRate);
  const bits = Math.ceil((keys * Math.log(2 / errorRate)) / Math.LN2 ** 2);
  const hashes = Math.max(1, Math.round((bits / keys) * Math.LN2));
  let younger = generation(bits);
  let older = generation(bits);

  const knows = (places: readonly number[]): boolean =>
    isSet(younger, places) || isSet(older, places);

  return {
    bits: 2 * bits,
    hashes,
    has: (key) => knows(placesOf(key, bits, hashes)),
    add(key) {
      const places = placesOf(key, bits, hashes);
      if (isSet(younger, places)) return;
      if (younger.keys === keys) {
        metrics.count("evicted", older.keys);
        older = younger;
        younger = generation(bits);
      }
      for (const place of places) set(younger, place);
      younger.keys += 1;
    },
    errorRateNow() {
      const rateOf = ({ bitsSet }: Generation): number => (bitsSet / bits) ** hashes;
      return 1 - (1 - rateOf(younger)) * (1 - rateOf(older));
    },
  };
}

type Generation = { readonly bytes: Uint8Array; keys: number; bitsSet: number };

const generation = (bits: number): Generation => ({
  bytes: new Uint8Array(Math.ceil(bits / 8)),
  keys: 0,
  bitsSet: 0,
});

/** Two numbers of 48 bits out of SHA-256 stand for as many hash functions as are needed. */
function placesOf(key: string, bits: number, hashes: number): readonly number[] {
  const digest = sha256Hex(key);
  const first = Number.parseInt(digest.slice(0, 12), 16) % bits;
  const step = 1 + (Number.parseInt(digest.slice(12, 24), 16) % (bits - 1 || 1));
  return Array.from({ length: hashes }, (_, index) => (first + index * step) % bits);
}

const isSet = ({ bytes }: Generation, places: readonly number[]): boolean =>
  places.every((place) => ((bytes[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0);

function set(target: Generation, place: number): void {
  const byte = target.bytes[place >>> 3] ?? 0;
  const bit = 1 << (place & 7);
  if ((byte & bit) === 0) target.bitsSet += 1;
  target.bytes[place >>> 3] = byte | bit;
}

function check(keys: number, errorRate: number): void {
  const areKeysRight = Number.isSafeInteger(keys) && keys >= 1 && keys <= 10_000_000;
  if (areKeysRight && errorRate >= 0.000_001 && errorRate <= 0.5) return;
  throw new Failure(
    "misconfigured",
    "reject",
    "A Bloom filter is made for 1 to 10000000 keys and an error rate from 0.000001 to 0.5; " +
      `received ${keys} keys and ${errorRate}.`,
  );
}
