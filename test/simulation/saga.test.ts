/**
 * The order saga as it ships, under the swarm of faults, with few enough seeds to run at every
 * change; `npm run simulate` runs as many as asked for.
 */
import { expect, test } from "vitest";
import { sagaScenario } from "./saga/scenario.ts";
import { runSagas } from "./saga/world.ts";
import { breachesOf, seedRuns, unreached } from "./seed-runs.ts";

const SEEDS = 300;

const results = seedRuns(SEEDS, (seed) => sagaScenario.run({ seed }));

test("no seed breaks an invariant: every saga ends with all its effects or with none", async () => {
  expect(breachesOf(await results())).toEqual([]);
});

test("every fault takes effect, and every branch is reached", async () => {
  const all = await results();
  const fired = all.map((result) => result.fired);
  const branches = all.map((result) => result.branches);

  expect(unreached(sagaScenario.faults, fired)).toEqual([]);
  expect(unreached(sagaScenario.branches, branches)).toEqual([]);
});

test("a seed is one schedule, step by step", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = await runSagas({ schedule: { seed }, isTraced: true });
    const second = await runSagas({ schedule: { seed }, isTraced: true });

    expect(first.trace.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  }
});

test("without a fault nothing is looked up, retried or repaired", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { branches, breach } = await sagaScenario.run({ seed, faults: [] });

    expect(breach).toBeUndefined();
    // Nobody looks at some orders, which is not a fault.
    const { "review-expired": ignored, "timed-out-States.Timeout": waited, ...rest } = branches;
    expect(waited).toBe(ignored);
    const odd = Object.keys(rest).filter((branch) =>
      /^(retried|timed-out|looked-up|needs|repaired|already|rejected-payment-failed)/.test(branch),
    );
    expect(odd).toEqual([]);
  }
});

test("only as many faults strike as are allowed", async () => {
  const { decisions } = await sagaScenario.run({ seed: 3, decisionsMax: 2 });

  expect(decisions).toBe(2);
});
