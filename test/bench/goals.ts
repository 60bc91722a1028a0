/**
 * The rows of the benchmark and their goals, as ratios to Powertools batch + idempotency; for rows
 * without a ratio the goal is a number of its own.
 */
import type { Spread } from "./measure/spread.ts";

export type Messages = 10 | 1;

type Goal = {
  readonly name: string;
  readonly unit: string;
  /** For m = 10 and m = 1; absent: there is none. */
  readonly ten?: number;
  readonly one?: number;
  readonly better: "less" | "more";
  /** What is held against the goal. */
  readonly judged: "ratio" | "ours";
};

export const GOALS = {
  1: goal("DynamoDB requests per message", "requests", 0.1, 0.5),
  2: goal("write units per message, business state included", "WRU", 0.25, 0.5),
  3: { ...goal("throughput of one hot stream", "messages/s", 15), better: "more" },
  4: goal("batch p99, 10 streams", "ms", 0.15, 0.15),
  5: goal("library CPU per message, all checks on", "us", 0.33, 0.33),
  6: goal("CPU per message with the real SDK over sockets", "us", 0.12, 0.4),
  7: goal("garbage per message", "KB", 0.2, 0.2),
  8: goal("consumer bundle against the full required stack", "kB", 0.6),
  9: goal("applied batch redelivered: requests per duplicate", "requests", 0.1),
  10: { ...goal("poison first in 10 groups: redelivered messages", "messages", 1), judged: "ours" },
  11: {
    ...goal("ordering engine alone, per core", "messages/s", 1_000_000),
    better: "more",
    judged: "ours",
  },
} as const satisfies Readonly<Record<number, Goal>>;

export type RowNumber = keyof typeof GOALS;

export type BenchRow = {
  readonly row: RowNumber;
  readonly name: string;
  readonly unit: string;
  /** Messages of one stream per batch; null where it does not matter. */
  readonly m: Messages | null;
  readonly ours: number;
  /** With the cheapest business write; null where it has nothing of the kind. */
  readonly powertools: number | null;
  readonly ratio: number | null;
  readonly goal: string;
  readonly met: boolean;
  /** Of `ratio` over the rounds; absent for what is counted. */
  readonly rounds?: Spread;
  /** Ours when no sandbox remembers the stream's head. */
  readonly uncached?: { readonly ours: number; readonly ratio: number };
  /** Powertools without any business write, while ours still writes the state. */
  readonly alone?: { readonly powertools: number; readonly ratio: number };
  readonly note?: string;
};

export type Measured = Pick<BenchRow, "ours" | "powertools"> &
  Pick<Partial<BenchRow>, "rounds" | "note" | "name" | "unit"> & {
    readonly uncached?: number;
    readonly alone?: number;
    /** Another goal than the row's own. */
    readonly goal?: number;
  };

export function rowOf(row: RowNumber, m: Messages | null, measured: Measured): BenchRow {
  const { name, unit, ten, one, better, judged }: Goal = GOALS[row];
  const { ours, powertools, rounds, note, uncached, alone } = measured;
  const limit = measured.goal ?? (m === 1 ? one : ten);
  const ratio = powertools === null || powertools === 0 ? null : ours / powertools;
  const isRatio = judged === "ratio" && measured.goal === undefined;
  const value = isRatio ? (rounds?.median ?? ratio) : ours;
  return {
    row,
    name: measured.name ?? name,
    unit: measured.unit ?? unit,
    m,
    ours,
    powertools,
    ratio: rounds?.median ?? ratio,
    goal: goalText(limit, better, isRatio),
    met: limit === undefined || (value !== null && isWithin(value, limit, better)),
    ...(rounds === undefined ? {} : { rounds }),
    ...(uncached === undefined || powertools === null
      ? {}
      : { uncached: { ours: uncached, ratio: uncached / powertools } }),
    ...(alone === undefined ? {} : { alone: { powertools: alone, ratio: ours / alone } }),
    ...(note === undefined ? {} : { note }),
  };
}

/** What is counted is exact but for the last bit of a division. */
const ROUNDING = 1e-9;

const isWithin = (value: number, limit: number, better: Goal["better"]): boolean =>
  better === "less" ? value <= limit + ROUNDING : value >= limit - ROUNDING;

function goalText(limit: number | undefined, better: Goal["better"], isRatio: boolean): string {
  if (limit === undefined) return "none";
  return `${better === "less" ? "<=" : ">="} ${limit.toLocaleString("en")}${isRatio ? "x" : ""}`;
}

function goal(name: string, unit: string, ten: number, one?: number) {
  return {
    name,
    unit,
    ten,
    ...(one === undefined ? {} : { one }),
    better: "less" as const,
    judged: "ratio" as const,
  };
}
