// The shared cache where its secret cannot be used: nobody waits long for it, nobody asks for it
// all the time, and nobody is told what it says.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { connectedCache } from "#adapters/redis/connected-cache";
import { seconds } from "#kernel/units";
import { steppingClock } from "../../support/stepping-clock.ts";

function cacheOf(url: () => Promise<string>) {
  const clock = steppingClock();
  let asked = 0;
  const cache = connectedCache({
    url: () => {
      asked += 1;
      return url();
    },
    onError: () => undefined,
    clock,
    firstWaitMs: 1,
  });
  return { cache, clock, asked: () => asked };
}

test("an address that is none is refused without a word of it", async () => {
  const { cache } = cacheOf(() => Promise.resolve("rediss://shop:pa55/w0rd@cache.example:6379"));

  const refused: unknown = await cache.get("k").catch((error: unknown) => error);

  expect(refused).toMatchObject({ code: "misconfigured", action: "reject" });
  const shown = inspect(refused, { depth: Infinity, showHidden: true });
  for (const part of ["pa55", "w0rd", "cache.example"]) expect(shown).not.toContain(part);
});

test("a secret that does not come is not waited for", async () => {
  const { cache } = cacheOf(() => new Promise(() => {}));

  await expect(cache.get("k")).rejects.toMatchObject({ code: "store-unavailable" });
  await expect(cache.get("k")).rejects.toMatchObject({ code: "store-unavailable" });
});

test("a secret that could not be read is asked for again a second later", async () => {
  const { cache, clock, asked } = cacheOf(() => Promise.reject(new Error("no secret")));

  for (let time = 0; time < 3; time += 1) await expect(cache.get("k")).rejects.toThrow("no secret");
  expect(asked()).toBe(1);

  clock.advance(seconds(1));
  await expect(cache.get("k")).rejects.toThrow("no secret");
  expect(asked()).toBe(2);
});
