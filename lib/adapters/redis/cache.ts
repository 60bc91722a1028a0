/**
 * A cache that sandboxes share, in Redis or Valkey: one hash for each key. It may evict what it
 * likes (`allkeys-lru`), since every entry has its truth elsewhere.
 */
import type { Cache } from "#contracts/cache";
import type { EpochMs } from "#kernel/units";
import { type RedisConnection, scriptRunner } from "./script-runner.ts";

export type RedisCacheProps = {
  /** As for the idempotency store: connected, and refusing while it is offline. */
  readonly client: RedisConnection;
  /** What every key begins with. Default `cache:`. */
  readonly prefix?: string;
  /** After it the cache is worked without. Default 50: slower than that it helps nobody. */
  readonly requestMsMax?: number;
};

const REQUEST_MS_MAX = 50;

/** Redis deletes by its own clock; freshness goes by the readers'. */
const CLEANING_DELAY_MS = 3_600_000;

/** ARGV: version, text, fresh until, milliseconds until Redis deletes it. */
const PUT = `
local version = redis.call('HGET', KEYS[1], 'version')
if version and tonumber(version) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'text', ARGV[2], 'freshUntil', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

const GET = "return redis.call('HMGET', KEYS[1], 'version', 'text', 'freshUntil')";

export function redisCache({ client, prefix = "cache:", requestMsMax }: RedisCacheProps): Cache {
  const run = scriptRunner(client, requestMsMax ?? REQUEST_MS_MAX);
  return {
    async get(key) {
      const [version, text, freshUntil] = (await run(GET, prefix + key, [])) as Field[];
      if (!version || !text || !freshUntil) return undefined;
      return {
        version: Number(version),
        text: String(text),
        freshUntil: Number(freshUntil) as EpochMs,
      };
    },
    async put(key, { version, text, freshUntil }) {
      const values = [String(version), text, String(freshUntil), String(CLEANING_DELAY_MS)];
      await run(PUT, prefix + key, values);
    },
  };
}

type Field = Buffer | null | undefined;
