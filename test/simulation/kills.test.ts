/**
 * Exhaustive: three messages, and the consumer killed once at every point at which it calls
 * anything: before the call, after its effect, after its answer.
 */
import { describe, expect, test } from "vitest";
import { milliseconds } from "#kernel/units";
import type { CallTarget, KillMoment } from "#simulation/remote";
import type { ScheduleResult } from "#simulation/scenario";
import { SUBJECT_KINDS, type SubjectKind } from "./subjects.ts";
import type { Plant } from "./system.ts";
import { type Arrangement, ARRANGEMENTS, threeMessages } from "./three-messages.ts";
import { runWorld } from "./world.ts";

/** Each draws its own settings: batch size, cache, room for parked bodies, what a gap leads to. */
const SEEDS = [1, 2, 3, 4, 5, 6];

const MOMENTS: readonly KillMoment[] = ["before", "after-effect", "after-answer"];

const PORTS: Readonly<Record<SubjectKind, readonly string[]>> = {
  fold: ["heads.read", "heads.commit"],
  effects: ["heads.read", "ledger.read", "heads.commit"],
  external: ["heads.read", "heads.commit", "outside.call"],
};

/** Only these make a consumer call them. */
const CALLED_BY: Partial<Readonly<Record<Arrangement, string>>> = {
  "claim check parked": "payloads.get",
  "two are refused": "dead-letters.bury",
  "second is late": "redelivery.request",
};

/** Else a seed draws what becomes of a gap, and few ask for what is missing. */
const ASKING: Plant = {
  recovery: {
    gap: {
      severity: "critical",
      recovery: {
        kind: "request-redelivery",
        deadlineMs: milliseconds(5_000),
        triesMax: 2,
      },
    },
  },
};

/** What halts its stream may be left out by whoever resolves it. */
const appliedIn = (arrangement: Arrangement): readonly number[] => {
  const isHalting = ["first halts", "two are refused", "second is late"].includes(arrangement);
  return isHalting ? [2, 3] : [3];
};

type Setting = {
  readonly kind: SubjectKind;
  readonly seed: number;
  readonly arrangement: Arrangement;
};

type Run = {
  readonly result: ScheduleResult;
  /** Those that the run came by, `port moment`, in its order. */
  readonly points: readonly string[];
};

/** @param killedAt the index of the one point at which it dies; undefined: it never does. */
async function run({ kind, seed, arrangement }: Setting, killedAt?: number): Promise<Run> {
  const points: string[] = [];
  const kills = ({ port }: CallTarget, moment: KillMoment): boolean => {
    points.push(`${port} ${moment}`);
    return points.length - 1 === killedAt;
  };
  const traffic = threeMessages(arrangement);
  const schedule = { seed, faults: [] };
  const plant = arrangement === "second is late" ? ASKING : {};
  const result = await runWorld({ schedule, kind, kills, traffic, plant });
  return { result, points };
}

/** Every point of the run without kills, and what a kill at each of them led to. */
async function killEverywhere(setting: Setting) {
  const { result, points } = await run(setting);
  const killed: Run[] = [];
  for (const index of points.keys()) killed.push(await run(setting, index));
  return { unharmed: result, points, killed };
}

describe.for(SUBJECT_KINDS)("kind %s", (kind) => {
  test.for(ARRANGEMENTS)("killed anywhere, three messages %s", async (arrangement) => {
    for (const seed of SEEDS) {
      const { unharmed, points, killed } = await killEverywhere({ kind, seed, arrangement });

      expect(unharmed.breach).toBeUndefined();
      expect(appliedIn(arrangement)).toContain(unharmed.applied);
      expect(unharmed.branches["invocation-crashed"]).toBeUndefined();
      for (const port of [...PORTS[kind], CALLED_BY[arrangement] ?? "heads.read"]) {
        for (const moment of MOMENTS) expect(points).toContain(`${port} ${moment}`);
      }
      expect(killed.length).toBe(points.length);
      for (const [index, { result, points: reached }] of killed.entries()) {
        const { breach, branches, applied } = result;
        expect({ seed, killedAt: points[index], breach }).toMatchObject({ breach: undefined });
        expect(appliedIn(arrangement)).toContain(applied);
        // The same run up to the kill, and then really killed.
        expect(reached.slice(0, index + 1)).toEqual(points.slice(0, index + 1));
        expect(branches["invocation-crashed"]).toBe(1);
      }
    }
  });
});
