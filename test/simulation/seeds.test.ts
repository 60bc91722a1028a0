/**
 * The ordered consumer under the swarm of faults, with few enough seeds to run at every change;
 * `npm run simulate` runs as many as asked for.
 */
import { hash } from "node:crypto";
import { expect, test } from "vitest";
import type { ScheduleResult } from "#simulation/scenario";
import { messagingScenario } from "./messaging-scenario.ts";
import { breachesOf, seedRuns, unreached } from "./seed-runs.ts";
import { SUBJECT_KINDS, type SubjectKind } from "./subjects.ts";
import { runWorld } from "./world.ts";

const SEEDS = 300;

const traceHash = ({ trace }: ScheduleResult): string => hash("sha256", trace.join("\n"));

const runs = new Map(
  SUBJECT_KINDS.map((kind) => [
    kind,
    seedRuns(SEEDS, (seed) => runWorld({ schedule: { seed }, kind })),
  ]),
);

const runsOf = async (kind: SubjectKind): Promise<readonly ScheduleResult[]> =>
  (await runs.get(kind)?.()) ?? [];

test.for(SUBJECT_KINDS)("a seed of kind %s is one schedule, step by step", async (kind) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = await runWorld({ schedule: { seed }, kind, isTraced: true });
    const second = await runWorld({ schedule: { seed }, kind, isTraced: true });

    expect(first.trace.length).toBeGreaterThan(20);
    expect(traceHash(second)).toBe(traceHash(first));
    expect(second).toEqual(first);
  }
});

test("different seeds are different schedules", async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    hashes.add(traceHash(await runWorld({ schedule: { seed }, isTraced: true })));
  }

  expect(hashes.size).toBe(20);
});

test.for(SUBJECT_KINDS)(`no invariant breaks in ${SEEDS} schedules of kind %s`, async (kind) => {
  const results = await runsOf(kind);

  expect(breachesOf(results)).toEqual([]);
});

test.for(SUBJECT_KINDS)("schedules of kind %s are no idle ones", async (kind) => {
  const results = await runsOf(kind);

  expect(results.length).toBe(SEEDS);
  for (const { faults, applied, steps, virtualMs } of results) {
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(applied).toBeGreaterThan(0);
    expect(steps).toBeGreaterThan(100);
    expect(virtualMs).toBeGreaterThanOrEqual(20_000);
  }
});

test("every fault takes effect and every branch is reached", async () => {
  const results = (await Promise.all(SUBJECT_KINDS.map(runsOf))).flat();

  const fired = results.map((result) => result.fired);
  const branches = results.map((result) => result.branches);
  expect(unreached(messagingScenario.faults, fired)).toEqual([]);
  expect(unreached(messagingScenario.branches, branches)).toEqual([]);
});

test("a schedule without faults applies every message, and nothing goes wrong", async () => {
  for (const kind of SUBJECT_KINDS) {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { breach, fired, applied, branches } = await runWorld({
        schedule: { seed, faults: [] },
        kind,
      });

      expect(breach).toBeUndefined();
      expect(fired).toEqual({});
      expect(applied + (branches["before-start"] ?? 0)).toBeGreaterThanOrEqual(24);
      expect(branches["invocation-crashed"]).toBeUndefined();
      expect(branches["violation-filed"]).toBeUndefined();
    }
  }
});
