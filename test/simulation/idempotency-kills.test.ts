/**
 * Exhaustive: an effect and its twin, and two holders of one lock, with a sandbox that is killed
 * once at every point at which it calls anything: before the call, after its effect, after its
 * answer.
 */
import { describe, expect, test } from "vitest";
import type { Guard } from "./idempotency/protected.ts";
import { STRATEGIES } from "./idempotency/requests.ts";
import { runHolders, runTwins, type TwinRun, type TwinSetting } from "./idempotency/twins.ts";

const MOMENTS = ["before", "after-effect", "after-answer"] as const;

/** Between an effect and the mark that it was had: there it is had again. */
const BETWEEN: readonly string[] = [
  "outside.write after-effect",
  "outside.write after-answer",
  "records.complete before",
];

async function everywhere(run: (killedAt?: number) => Promise<TwinRun>) {
  const unharmed = await run();
  const killed: (TwinRun & { readonly point: string })[] = [];
  for (const [index, point] of unharmed.points.entries()) {
    killed.push({ ...(await run(index)), point });
  }
  return { unharmed, killed };
}

const settings: readonly TwinSetting[] = STRATEGIES.flatMap((strategy) =>
  [0, 3, 30].flatMap((apartMs) =>
    [true, false].flatMap((isFenced) =>
      (["refuse", "wait"] as const).flatMap((whenInFlight) =>
        (["none", "recent", "bloom"] as const).map((front) => ({
          strategy,
          apartMs,
          isFenced,
          whenInFlight,
          front,
        })),
      ),
    ),
  ),
);

describe.for(STRATEGIES)("by %s", (strategy) => {
  test("killed anywhere, an effect with a twin is had once, or again after its lease", async () => {
    const reached = new Set<string>();
    for (const setting of settings.filter((one) => one.strategy === strategy)) {
      const { unharmed, killed } = await everywhere((at) => runTwins(setting, at));

      expect(unharmed.result).toMatchObject({ applied: 1, branches: { "told-ran": 1 } });
      expect(unharmed.result.branches["invocation-crashed"]).toBeUndefined();
      expect(killed.length).toBeGreaterThanOrEqual(12);
      for (const { point, result } of killed) {
        const { breach, applied, branches } = result;
        const times = BETWEEN.includes(point) ? 2 : 1;
        expect({ ...setting, point, breach: breach?.detail, applied }).toEqual({
          ...setting,
          point,
          breach: undefined,
          applied: times,
        });
        expect(branches["invocation-crashed"]).toBe(1);
        reached.add(point);
      }
    }
    for (const port of ["records.claim", "records.complete", "outside.write"]) {
      for (const moment of MOMENTS) expect(reached).toContain(`${port} ${moment}`);
    }
  });
});

test.for<Guard>(["seen", "held"])("killed anywhere, a holder stops nobody: %s", async (guard) => {
  const reached = new Set<string>();
  for (const apartMs of [0, 100, 2_000]) {
    const { unharmed, killed } = await everywhere((at) => runHolders(guard, apartMs, at));

    expect(unharmed.result).toMatchObject({ applied: 4, branches: { "job-done": 2 } });
    for (const { point, result } of killed) {
      const { breach, branches, applied } = result;
      expect({ point, breach: breach?.detail }).toMatchObject({ breach: undefined });
      expect({ point, branches }).toMatchObject({
        branches: { "invocation-crashed": 1, "job-done": 2 },
      });
      expect(applied).toBeGreaterThanOrEqual(4);
      reached.add(point);
    }
  }
  for (const port of ["locks.acquire", "locks.release", "thing.read", "thing.write"]) {
    for (const moment of MOMENTS) expect(reached).toContain(`${port} ${moment}`);
  }
});
