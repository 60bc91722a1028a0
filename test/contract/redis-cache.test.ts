// The shared cache in a real Redis.
import { createClient } from "@redis/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redisCache } from "#adapters/redis/cache";
import type { EpochMs } from "#kernel/units";
import { type RedisServer, startRedisServer } from "../support/redis-server.ts";
import { cacheContract } from "./cache-contract.ts";

let server: RedisServer;
let client: ReturnType<typeof connection>;
let caches = 0;

const connection = (port: number) =>
  createClient({ socket: { host: "127.0.0.1", port }, disableOfflineQueue: true });

beforeAll(async () => {
  server = await startRedisServer();
  client = connection(server.port);
  await client.connect();
});

afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

const open = (requestMsMax = 2_000) => {
  caches += 1;
  return redisCache({ client, prefix: `test-${caches}:`, requestMsMax });
};

cacheContract(open);

test("a server that is gone is a failure that says so, and no silence", async () => {
  const other = await startRedisServer();
  const lost = connection(other.port);
  lost.on("error", () => undefined);
  await lost.connect();
  const cache = redisCache({ client: lost });
  await other.stop();

  const entry = { version: 1, text: "x", freshUntil: 1 as EpochMs };
  await expect(cache.put("k", entry)).rejects.toMatchObject({ name: "Failure", action: "retry" });
  lost.destroy();
});
