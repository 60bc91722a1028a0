// What many schedules add up to.
import { expect, test } from "vitest";
import { batchesOf, runBatch } from "#simulation/batch";
import { BREACHES_KEPT, summed, type Totals, totalsOf } from "#simulation/totals";
import { bitesTwice, toyScenario } from "../../support/simulation/toy-scenario.ts";

const toy = toyScenario("toy", bitesTwice);
const SEEDS = 60;

const whole = (): Promise<Totals> => runBatch(toy, { firstSeed: 1, count: SEEDS });

test("parts add up to the whole in any order and in any sizes", async () => {
  const parts = batchesOf({ firstSeed: 1, count: SEEDS }, 7);
  const totals = await Promise.all(parts.map((part) => runBatch(toy, part)));
  const expected = JSON.stringify(await whole());

  expect(JSON.stringify(summed(totals))).toBe(expected);
  expect(JSON.stringify(summed([...totals].reverse()))).toBe(expected);
});

test("batches cover every seed once", () => {
  const seeds = batchesOf({ firstSeed: 5, count: 23 }, 10).flatMap(({ firstSeed, count }) =>
    Array.from({ length: count }, (_none, index) => firstSeed + index),
  );

  expect(seeds).toEqual(Array.from({ length: 23 }, (_none, index) => 5 + index));
});

test("sums are those of the schedules", async () => {
  const seeds = Array.from({ length: SEEDS }, (_none, index) => index + 1);
  const results = await Promise.all(seeds.map((seed) => toy.run({ seed })));
  const sum = (numbers: readonly number[]): number =>
    numbers.reduce((one, other) => one + other, 0);
  const broken = results.filter(({ breach }) => breach !== undefined);

  const totals = await whole();

  expect(broken.length).toBeGreaterThan(5);
  expect(totals).toMatchObject({
    schedules: SEEDS,
    steps: sum(results.map(({ steps }) => steps)),
    virtualMs: sum(results.map(({ virtualMs }) => virtualMs)),
    applied: sum(results.map(({ applied }) => applied)),
    broken: broken.length,
    invariants: { 3: { schedules: broken.length, firstSeed: broken[0]?.seed } },
  });
  expect(totals.faults["howl"]).toEqual({
    schedules: results.filter(({ faults }) => faults.includes("howl")).length,
    fired: sum(results.map(({ fired }) => fired["howl"] ?? 0)),
    breaches: broken.filter(({ fired }) => (fired["howl"] ?? 0) > 0).length,
  });
  expect(totals.branches).toEqual({
    noisy: sum(results.map(({ branches }) => branches["noisy"] ?? 0)),
    quiet: sum(results.map(({ branches }) => branches["quiet"] ?? 0)),
  });
});

test("the breaches of the lowest seeds are kept, and no more than are told", async () => {
  const always = toyScenario("always", () => ({ invariant: 1, detail: "always" }));
  const late = await runBatch(always, { firstSeed: 100, count: 20 });
  const early = await runBatch(always, { firstSeed: 1, count: 4 });

  const { breaches, broken } = summed([late, early]);

  expect(broken).toBe(24);
  expect(breaches).toHaveLength(BREACHES_KEPT);
  expect(breaches.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 100, 101, 102, 103, 104, 105]);
});

test("a batch may end at its first breach", async () => {
  const { breaches } = await whole();
  const first = breaches[0]?.seed ?? 0;

  const totals = await runBatch(toy, { firstSeed: 1, count: SEEDS, untilBroken: true });

  expect(totals.schedules).toBe(first);
  expect(totals.breaches).toEqual(breaches.slice(0, 1));
});

test("a scenario that goes on behind its first breach has all of them counted", async () => {
  const seed = (await whole()).breaches[0]?.seed ?? 0;
  const result = await toy.run({ seed });
  const breaches = [
    { invariant: 3, detail: "first", step: 1 },
    { invariant: 2, part: "once", detail: "second", step: 2 },
    { invariant: 2, part: "kept", detail: "third", step: 3 },
  ];

  const totals = totalsOf({ ...result, breaches });

  const once = { schedules: 1, firstSeed: seed };
  expect(totals.invariants).toEqual({ 3: once, "2 once": once, "2 kept": once });
  expect(totals.broken).toBe(1);
});

test("parts of a millisecond make no difference", async () => {
  const result = await toy.run({ seed: 1 });

  expect(totalsOf({ ...result, virtualMs: 10.4 }).virtualMs).toBe(10);
});

test("a schedule that throws is named by its seed", async () => {
  const run = () => Promise.reject(new Error("out of luck"));
  const failing = { ...toy, run };

  await expect(runBatch(failing, { firstSeed: 41, count: 2 })).rejects.toThrow(
    /seed 41 of toy threw: .*out of luck/,
  );
});
