/**
 * Idempotent effects and locks under the swarm of faults, with few enough seeds to run at every
 * change; `npm run simulate` runs as many as asked for.
 */
import { expect, test } from "vitest";
import { idempotencyScenario } from "./idempotency/scenario.ts";
import { runIdempotency } from "./idempotency/world.ts";
import { breachesOf, seedRuns, unreached } from "./seed-runs.ts";

const SEEDS = 1_000;

const results = seedRuns(SEEDS, (seed) => idempotencyScenario.run({ seed }));

test("no seed breaks an invariant", async () => {
  expect(breachesOf(await results())).toEqual([]);
});

test("every fault takes effect, and every branch is reached", async () => {
  const all = await results();
  const fired = all.map((result) => result.fired);
  const branches = all.map((result) => result.branches);

  expect(unreached(idempotencyScenario.faults, fired)).toEqual([]);
  expect(unreached(idempotencyScenario.branches, branches)).toEqual([]);
});

test("schedules are no idle ones", async () => {
  for (const { faults, applied, steps, virtualMs } of await results()) {
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(applied).toBeGreaterThan(0);
    expect(steps).toBeGreaterThan(80);
    expect(virtualMs).toBeGreaterThanOrEqual(20_000);
  }
});

test("a seed is one schedule, step by step", async () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const first = await runIdempotency({ schedule: { seed }, isTraced: true });
    const second = await runIdempotency({ schedule: { seed }, isTraced: true });

    expect(first.trace.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  }
});

test("without a fault every work is had once and every job done, and nothing is lost", async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const { branches, breach } = await idempotencyScenario.run({ seed, faults: [] });

    expect(breach).toBeUndefined();
    const odd = Object.keys(branches).filter((branch) =>
      /^(takenOver|lost|expired|released|conflicts|told-outcome-unknown|invocation-crashed)/.test(
        branch,
      ),
    );
    expect(odd).toEqual([]);
  }
});

test("only as many faults strike as are allowed", async () => {
  const { decisions } = await idempotencyScenario.run({ seed: 3, decisionsMax: 2 });

  expect(decisions).toBe(2);
});
