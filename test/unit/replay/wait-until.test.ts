// Polling that learns how long to wait, and never waits for ever.
import { expect, test } from "vitest";
import { newPace, type WaitSettings, waitUntil } from "#replay/wait-until";
import { steppingClock } from "../../support/stepping-clock.ts";

const settings: WaitSettings = { firstMs: 100, factor: 2, capMs: 1_000, limitMs: 10_000 };

/** Something that holds after a while, by the same clock. */
async function wait(clock: ReturnType<typeof steppingClock>, pace = newPace(), afterMs = 0) {
  const startedAt = clock.now();
  let looks = 0;
  const look = async () => {
    looks += 1;
    return clock.now() - startedAt;
  };
  const waited = await waitUntil({ clock, settings, pace }, look, (seen) => seen >= afterMs);
  return { ...waited, looks };
}

test("while nothing is known the waits begin short and grow to the cap", async () => {
  const clock = steppingClock();

  const { held } = await wait(clock, newPace(), 4_000);

  expect(held).toBe(true);
  expect(clock.slept).toEqual([100, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
});

test("what takes about the same each time is soon looked at once or twice", async () => {
  const clock = steppingClock();
  const pace = newPace();
  for (let times = 0; times < 40; times += 1) await wait(clock, pace, 700);

  let looks = 0;
  for (let times = 0; times < 20; times += 1) looks += (await wait(clock, pace, 700)).looks;

  expect(looks / 20).toBeLessThan(1.7);
  expect(pace.usualMs()).toBeGreaterThan(600);
  expect(pace.usualMs()).toBeLessThan(1_000);
});

test("it follows a system that becomes faster", async () => {
  const clock = steppingClock();
  const pace = newPace();
  for (let times = 0; times < 20; times += 1) await wait(clock, pace, 900);
  for (let times = 0; times < 300; times += 1) await wait(clock, pace, 150);

  expect(pace.usualMs()).toBeLessThan(250);
});

test("after the limit it answers what it saw last", async () => {
  const clock = steppingClock();

  const { held, seen } = await wait(clock, newPace(), 60_000);

  expect(held).toBe(false);
  expect(seen).toBeGreaterThanOrEqual(settings.limitMs);
  expect(seen).toBeLessThan(settings.limitMs + settings.capMs);
});
