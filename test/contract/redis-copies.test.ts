// Copies that sandboxes share in a real Redis: what one has read the others need not, what has
// changed is shown by all once their own copies end, and a server that is gone costs nothing but
// reads.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectedCache, type ConnectedCache } from "#adapters/redis/connected-cache";
import { memoryProductStore } from "#adapters/memory/product-store";
import { type EpochMs, later, seconds } from "#kernel/units";
import { encode } from "#messaging";
import { cacheStatus } from "#runtime/cache-lookup";
import { moduleCache } from "#runtime/module-cache";
import {
  type CatalogueCopies,
  catalogueCopies,
} from "../../functions/products/catalogue-copies.ts";
import { outdatedBy } from "../../functions/products/outdated-copies.ts";
import { productOfTest } from "../support/products.ts";
import { type RedisServer, startRedisServer } from "../support/redis-server.ts";
import { steppingClock } from "../support/stepping-clock.ts";
import { cacheContract } from "./cache-contract.ts";

const MODULE_FRESH = seconds(5);
const SHARED_FRESH = seconds(60);

let server: RedisServer;
let shared: ConnectedCache;
let made = 0;
let clock: { now: EpochMs };
let products: ReturnType<typeof memoryProductStore>;
let reads: string[];
let failures: string[];

beforeAll(async () => {
  server = await startRedisServer();
  shared = connect(server.port);
});

beforeEach(() => {
  made += 1;
  clock = { now: 1_700_000_000_000 as EpochMs };
  products = memoryProductStore();
  reads = [];
  failures = [];
});

afterAll(async () => {
  shared?.close();
  await server?.stop();
});

/** Other tests share the machine: what is slow is not gone. */
const PATIENCE = { firstWaitMs: 5_000, requestMsMax: 5_000 };

const connect = (port: number, patience: object = PATIENCE): ConnectedCache =>
  connectedCache({
    url: () => Promise.resolve(`redis://127.0.0.1:${port}`),
    onError: () => undefined,
    ...patience,
  });

/** As one sandbox sees the catalogue: with a memory of its own. */
function sandbox(cache = shared): CatalogueCopies["products"] {
  const get = (sku: string) => {
    reads.push(sku);
    return products.get(sku);
  };
  return catalogueCopies(
    { products: { get }, categories: products },
    {
      layers: [
        { name: "module", cache: moduleCache(10), freshMs: MODULE_FRESH },
        { name: "valkey", cache, freshMs: SHARED_FRESH },
      ],
      now: () => clock.now,
      random: () => 0,
      count: (metric) => void (metric === "CacheFailures" && failures.push(metric)),
    },
  ).products;
}

const sku = () => `lamp-${made}`;

const seenBy = async (copies: CatalogueCopies["products"]) => {
  const { value, lookups } = await copies.get(sku());
  return [value?.price.amount, cacheStatus(lookups)["cache-status"]];
};

const change = (version: number) =>
  JSON.parse(
    encode({
      specversion: "1.0",
      id: `${sku()}#${version}`,
      source: "urn:inorder:products",
      type: "product.changed",
      partitionkey: sku(),
      sequence: version,
      data: {},
    }),
  ) as unknown;

let connections = 0;
cacheContract(() => {
  connections += 1;
  const prefix = `${connections}:`;
  return {
    get: (key) => shared.get(prefix + key),
    put: (key, entry) => shared.put(prefix + key, entry),
  };
});

test("what one sandbox has read the others show without a read", async () => {
  await products.write([productOfTest(sku(), { price: 10 })]);

  const [one, other] = [sandbox(), sandbox()];

  expect([await seenBy(one), await seenBy(other), await seenBy(other)]).toEqual([
    [10, "valkey; fwd=uri-miss, module; fwd=uri-miss"],
    [10, "valkey; hit; ttl=60, module; fwd=uri-miss"],
    [10, "module; hit; ttl=5"],
  ]);
  expect(reads).toEqual([sku()]);
});

test("a change ends what is shared at once, and what sandboxes have in their time", async () => {
  await products.write([productOfTest(sku(), { price: 10 })]);
  const [one, other] = [sandbox(), sandbox()];
  await seenBy(one);
  await products.write([productOfTest(sku(), { price: 20, version: 2 })]);

  await outdatedBy(shared, change(2));
  await outdatedBy(shared, change(1));
  const early = [await seenBy(one), await seenBy(other)];
  clock.now = later(clock.now, MODULE_FRESH);
  const late = await seenBy(one);

  expect(early).toEqual([
    [10, "module; hit; ttl=5"],
    [20, "valkey; fwd=stale, module; fwd=uri-miss"],
  ]);
  expect(late).toEqual([20, "valkey; hit; ttl=55, module; fwd=stale"]);
});

test("whoever had read before the change cannot put back what he has read", async () => {
  await products.write([productOfTest(sku(), { price: 10 })]);
  await products.write([productOfTest(sku(), { price: 20, version: 2 })]);
  await outdatedBy(shared, change(2));

  await sandbox().put(sku(), { version: 1, value: null });

  expect(await seenBy(sandbox())).toEqual([20, "valkey; fwd=stale, module; fwd=uri-miss"]);
});

test("what is no change of a product is refused", async () => {
  await expect(outdatedBy(shared, { type: "product.changed" })).rejects.toMatchObject({
    code: "malformed-message",
  });
});

test("whom the server refuses asks for the secret again, and has its new password", async () => {
  const time = steppingClock();
  const place = `127.0.0.1:${server.port}`;
  const secrets = [`redis://nobody:former@${place}`, `redis://${place}`];
  const cache = connectedCache({
    url: () => Promise.resolve(secrets.shift() ?? ""),
    onError: () => undefined,
    clock: time,
    ...PATIENCE,
  });

  for (let turn = 0; turn < 2; turn += 1) {
    await expect(cache.get(sku())).rejects.toMatchObject({ code: "store-unavailable" });
  }
  expect(secrets).toHaveLength(1);
  time.advance(seconds(1));
  expect(await cache.get(sku())).toBeUndefined();
  cache.close();
});

test("a server that is gone, or was never there, costs reads and nothing else", async () => {
  const other = await startRedisServer();
  const lost = connect(other.port);
  await products.write([productOfTest(sku(), { price: 10 })]);
  await seenBy(sandbox(lost));
  await other.stop();
  const never = connect(1, {});
  const unnamed = connectedCache({
    url: () => Promise.reject(new Error("no secret")),
    onError: () => undefined,
  });

  const seen = [];
  for (const cache of [lost, never, unnamed]) seen.push((await seenBy(sandbox(cache)))[0]);
  for (const cache of [lost, never]) cache.close();

  expect(seen).toEqual([10, 10, 10]);
  expect(reads).toHaveLength(4);
  expect(failures).toHaveLength(6);
});
