/**
 * What every cache keeps: the newest version of a copy, whoever puts it and in whatever order.
 */
import { expect, test } from "vitest";
import type { Cache, CacheEntry } from "#contracts/cache";
import type { EpochMs } from "#kernel/units";

export function cacheContract(open: () => Cache): void {
  const entry = (version: number, text = `version ${version}`): CacheEntry => ({
    version,
    text,
    freshUntil: (1_700_000_000_000 + version) as EpochMs,
  });

  test("what was put is there, text for text", async () => {
    const cache = open();
    const put = entry(1, 'a "text" with ümlauts\n and \u0000');

    await cache.put("k", put);

    expect(await cache.get("k")).toEqual(put);
    expect(await cache.get("other")).toBeUndefined();
  });

  test("an older version never takes the place of a newer one", async () => {
    const cache = open();

    await cache.put("k", entry(10));
    await cache.put("k", entry(9));

    expect(await cache.get("k")).toEqual(entry(10));
  });

  test("a newer version, and the same one anew, take its place", async () => {
    const cache = open();
    const again = { ...entry(2), freshUntil: 1_800_000_000_000 as EpochMs };

    await cache.put("k", entry(1));
    await cache.put("k", entry(2));
    await cache.put("k", again);

    expect(await cache.get("k")).toEqual(again);
  });

  test("whatever the order, the highest of many versions stands", async () => {
    const cache = open();

    await Promise.all([5, 2, 9, 1, 7, 3].map((version) => cache.put("k", entry(version))));

    expect((await cache.get("k"))?.version).toBe(9);
  });
}
