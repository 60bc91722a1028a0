/**
 * The stock under the swarm of faults, with few enough seeds to run at every change; `npm run
 * simulate` runs as many as asked for.
 */
import { expect, test } from "vitest";
import { breachesOf, seedRuns, unreached } from "./seed-runs.ts";
import { stockScenario } from "./stock/scenario.ts";
import { runStock } from "./stock/world.ts";

const SEEDS = 300;

const results = seedRuns(SEEDS, (seed) => stockScenario.run({ seed }));

test("no seed breaks an invariant: no unit is sold twice, made or lost", async () => {
  expect(breachesOf(await results())).toEqual([]);
});

test("every fault takes effect, and every branch is reached", async () => {
  const all = await results();
  const fired = all.map((result) => result.fired);
  const branches = all.map((result) => result.branches);

  expect(unreached(stockScenario.faults, fired)).toEqual([]);
  expect(unreached(stockScenario.branches, branches)).toEqual([]);
});

test("a seed is one schedule, step by step", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = await runStock({ schedule: { seed }, isTraced: true });
    const second = await runStock({ schedule: { seed }, isTraced: true });

    expect(first.trace.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  }
});

test("without a fault nothing crashes, fails or expires unasked", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { branches, breach } = await stockScenario.run({ seed, faults: [] });

    expect(breach).toBeUndefined();
    const odd = Object.keys(branches).filter((branch) =>
      /^(invocation-(crashed|timed)|failed|expired|told-(already-reserved|released|not-held))/.test(
        branch,
      ),
    );
    expect(odd).toEqual([]);
  }
});

test("only as many faults strike as are allowed", async () => {
  const { decisions } = await stockScenario.run({ seed: 3, decisionsMax: 2 });

  expect(decisions).toBe(2);
});
