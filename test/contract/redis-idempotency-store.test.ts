// The idempotency store in a real Redis.
import { createClient, ErrorReply, SocketClosedUnexpectedlyError } from "@redis/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redisIdempotencyStore } from "#adapters/redis/idempotency-store";
import type { RedisConnection } from "#adapters/redis/script-runner";
import { later, milliseconds } from "#kernel/units";
import { start } from "../support/consumer-world.ts";
import { type RedisServer, startRedisServer } from "../support/redis-server.ts";
import { agreesWithMemory } from "./idempotency-agreement.ts";
import { idempotencyStoreContract } from "./idempotency-store-contract.ts";

let server: RedisServer;
let client: ReturnType<typeof connection>;
let stores = 0;

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

/** A store of its own, by its prefix. */
const open = (over: RedisConnection = client) => {
  stores += 1;
  return redisIdempotencyStore({ client: over, prefix: `test-${stores}:` });
};

idempotencyStoreContract(() => open());
agreesWithMemory(() => open());

const request = {
  key: "k",
  owner: "a",
  payloadHash: "hash",
  leaseMs: milliseconds(1_000),
  keepMs: milliseconds(10_000),
};

/** The same connection with `around` each call; also how many there were. */
function around(call: (run: () => Promise<unknown>) => Promise<unknown>) {
  const counted = { requests: 0 };
  const over: RedisConnection = {
    withTypeMapping(mapping) {
      const calls = client.withTypeMapping(mapping);
      const through = (run: () => Promise<unknown>) => {
        counted.requests += 1;
        return call(run);
      };
      return {
        eval: (script, input) => through(() => calls.eval(script, input)),
        evalSha: (sha1, input) => through(() => calls.evalSha(sha1, input)),
      };
    },
  };
  return { over, counted };
}

test("one request claims, one completes, one tells a duplicate, two take over", async () => {
  const { over, counted } = around((run) => run());
  const store = open(over);
  const cycle = async (key: string): Promise<readonly number[]> => {
    const before = (): number => counted.requests;
    const steps = [before()];
    const answer = await store.claim({ ...request, key }, start);
    steps.push(before());
    if (answer.kind === "claimed") await store.complete(answer.claim, "done", start);
    steps.push(before());
    await store.claim({ ...request, key, owner: "b" }, start);
    steps.push(before());
    await store.claim({ ...request, key, owner: "c" }, later(start, request.keepMs));
    steps.push(before());
    return steps.slice(1).map((count, index) => count - (steps[index] ?? 0));
  };
  // The server gets to know the scripts.
  await cycle("first");

  expect(await cycle("second")).toEqual([1, 1, 1, 2]);
});

test("a server that has forgotten the scripts is given them again", async () => {
  const store = open();
  await store.claim(request, start);
  await client.scriptFlush();

  expect(await store.find("k", start)).toMatchObject({ owner: "a" });
});

test("Redis deletes a record itself, but only after its time", async () => {
  const store = open();
  await store.claim(request, start);

  const leftMs = await client.pTTL(`test-${stores}:k`);

  expect(leftMs).toBeGreaterThan(request.keepMs);
  expect(leftMs).toBeLessThanOrEqual(request.keepMs + 3_600_000);
});

test("an answer that was lost leaves the outcome unknown, and asking again tells", async () => {
  let isLost = true;
  const { over } = around(async (run) => {
    const answer = await run();
    if (isLost) throw new SocketClosedUnexpectedlyError();
    return answer;
  });
  await open().claim(request, start);
  const store = open(over);

  const claim = store.claim(request, start);
  await expect(claim).rejects.toMatchObject({ code: "outcome-unknown", action: "retry" });

  isLost = false;
  expect(await store.claim(request, start)).toMatchObject({ kind: "claimed", follows: "itself" });
});

test.for([
  [new ErrorReply("LOADING Redis is loading the dataset in memory"), "store-throttled"],
  [new ErrorReply("READONLY You can't write against a read only replica."), "store-unavailable"],
  [new Error("something else"), "outcome-unknown"],
] as const)("%s is %s", async ([error, code]) => {
  const { over } = around(() => Promise.reject(error));

  await expect(open(over).claim(request, start)).rejects.toMatchObject({ code, action: "retry" });
});

test("a server that stays silent is given up, with an unknown outcome", async () => {
  const { over } = around(() => new Promise(() => {}));
  const store = redisIdempotencyStore({ client: over, requestMsMax: 5 });

  await expect(store.claim(request, start)).rejects.toMatchObject({ code: "outcome-unknown" });
});

test("a closed connection was never asked", async () => {
  const closed = connection(server.port);
  await closed.connect();
  closed.destroy();

  const claim = open(closed).claim(request, start);

  await expect(claim).rejects.toMatchObject({ code: "store-unavailable" });
});

test("what somebody else put under the key is no record", async () => {
  const store = open();
  await client.hSet(`test-${stores}:k`, "attempt", "many");

  await expect(store.find("k", start)).rejects.toMatchObject({ code: "unexpected" });
  await expect(store.claim(request, start)).rejects.toMatchObject({ code: "unexpected" });
});
