/**
 * One piece of work and its twin, or two holders of one lock, and a sandbox that dies where a test
 * chooses; nothing is left to chance.
 */
import { milliseconds } from "#kernel/units";
import type { CallTarget, KillMoment } from "#simulation/remote";
import type { ScheduleResult } from "#simulation/scenario";
import { START } from "./ground.ts";
import type { Job } from "./holders.ts";
import type { Guard } from "./protected.ts";
import { type Request, requestOf, type StrategyName } from "./requests.ts";
import type { EffectSettings, FrontKind } from "./settings.ts";
import { type IdempotencyWorldOptions, runIdempotency } from "./world.ts";

export type TwinSetting = {
  readonly strategy: StrategyName;
  /** How much later the second one is asked for. */
  readonly apartMs: number;
  readonly isFenced: boolean;
  readonly whenInFlight: "refuse" | "wait";
  readonly front: FrontKind;
};

export type TwinRun = {
  readonly result: ScheduleResult;
  /** Where it could have died, `port moment`, in the order of the run. */
  readonly points: readonly string[];
};

/** @param killedAt the index of the one point at which a sandbox dies; undefined: none does. */
export const runTwins = (setting: TwinSetting, killedAt?: number): Promise<TwinRun> =>
  killed({ effects: { requests: twins(setting), settings: settingsOf(setting) } }, killedAt);

export const runHolders = (guard: Guard, apartMs: number, killedAt?: number): Promise<TwinRun> =>
  killed({ locks: { guard, jobs: [job(0), job(apartMs)] } }, killedAt);

async function killed(
  options: Omit<IdempotencyWorldOptions, "schedule" | "kills">,
  killedAt: number | undefined,
): Promise<TwinRun> {
  const points: string[] = [];
  const kills = ({ port }: CallTarget, moment: KillMoment): boolean => {
    points.push(`${port} ${moment}`);
    return points.length - 1 === killedAt;
  };
  const schedule = { seed: 1, faults: [] };
  return { result: await runIdempotency({ ...options, schedule, kills }), points };
}

function twins({ strategy, apartMs }: TwinSetting): readonly Request[] {
  const rank = strategy === "version" || strategy === "timestamp" ? 1 : 0;
  const work = { strategy, entity: "the-work", rank };
  return [0, apartMs].map((atMs, delivery) => requestOf(work, { atMs, delivery, start: START }));
}

const settingsOf = ({ isFenced, whenInFlight, front }: TwinSetting): EffectSettings => ({
  effectMsMax: milliseconds(3_000),
  leaseMs: milliseconds(5_000),
  keepMs: milliseconds(3_600_000),
  whenInFlight:
    whenInFlight === "refuse"
      ? { kind: "refuse" }
      : { kind: "wait", pollMs: milliseconds(100), waitMsMax: milliseconds(2_000) },
  isFenced,
  front,
  frontKeys: 1,
  isFrontShared: true,
});

const job = (atMs: number): Job => ({
  lock: "the-lock",
  atMs,
  waitMs: 2_000,
  writes: 2,
  workMs: 400,
});
