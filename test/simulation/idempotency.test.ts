/**
 * Idempotent effects and locks under the swarm of faults, with few enough seeds to run at every
 * change; `npm run simulate` runs as many as asked for.
 */
import { expect, test } from "vitest";
import type { ScheduleResult } from "#simulation/scenario";
import { idempotencyScenario } from "./idempotency/scenario.ts";
import { runIdempotency } from "./idempotency/world.ts";

const SEEDS = 1_000;

let runs: Promise<readonly ScheduleResult[]> | undefined;

/** Run once, whichever tests look at them. */
const results = (): Promise<readonly ScheduleResult[]> => (runs ??= runAll());

async function runAll(): Promise<readonly ScheduleResult[]> {
  const all: ScheduleResult[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) all.push(await idempotencyScenario.run({ seed }));
  return all;
}

const total = (counts: readonly Readonly<Record<string, number>>[], name: string): number =>
  counts.reduce((sum, each) => sum + (each[name] ?? 0), 0);

test("no seed breaks an invariant", async () => {
  const broken = (await results()).filter(({ breach }) => breach !== undefined);

  expect(broken.map(({ seed, breach }) => `${seed}: ${breach?.detail}`)).toEqual([]);
});

test("every fault takes effect, and every branch is reached", async () => {
  const all = await results();
  const fired = all.map((result) => result.fired);
  const branches = all.map((result) => result.branches);

  expect(idempotencyScenario.faults.filter((fault) => total(fired, fault) === 0)).toEqual([]);
  const { branches: declared } = idempotencyScenario;
  expect(declared.filter((branch) => total(branches, branch) === 0)).toEqual([]);
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
