/**
 * One run of the whole benchmark, both sides in one process, in turn.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { provenance } from "../../bin/simulation/provenance.ts";
import type { BenchRow, Messages, RowNumber } from "./goals.ts";
import { growth } from "./more/growth.ts";
import { cloudTimes } from "./more/local-cloud.ts";
import { parkedMemory } from "./more/parked.ts";
import { poisonCourses } from "./more/poison.ts";
import { streamsSweep } from "./more/streams.ts";
import type { BenchResult, Environment } from "./result.ts";
import { bundleRows } from "./rows/bundles.ts";
import { poisonRows, redeliveryRows, requestRows } from "./rows/counters.ts";
import { designCounters } from "./rows/designs.ts";
import { engineRow } from "./rows/engine.ts";
import { garbageRow } from "./rows/garbage.ts";
import { libraryRow, socketRow } from "./rows/processor.ts";
import { batchRow, hotStreamRow, STORE_LATENCY_MS } from "./rows/waiting.ts";

export type BenchOptions = {
  /** Rounds of what is timed; each is one pair of measurements. */
  readonly rounds: number;
  /** Whether to start a local cloud and measure on it, too. */
  readonly localCloud: boolean;
  readonly say: (line: string) => void;
};

const SIZES: readonly Messages[] = [10, 1];
const LENGTHS = [10, 1_000, 1_000_000] as const;
const PARKED_STREAMS = 100_000;
const PARKED_CACHES = [1_000, 100_000] as const;

/** The rows that are the same on every machine; a matter of seconds. */
export const countedRows = async (): Promise<readonly BenchRow[]> => [
  ...(await each(requestRows)),
  ...(await each(redeliveryRows)),
  ...(await poisonRows()),
];

export async function runBench({ rounds, localCloud, say }: BenchOptions): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  for (const [number, measure] of rowMeasures(rounds)) {
    say(`row ${number}`);
    rows.push(...(await measure()));
  }
  rows.sort((a, b) => a.row - b.row);
  say("growth of a stream");
  const grown = await growth(LENGTHS);
  say("waiting streams");
  const parked = [];
  for (const cachedMax of PARKED_CACHES) parked.push(await parkedMemory(PARKED_STREAMS, cachedMax));
  say("more and more streams");
  const streams = await streamsSweep();
  const poison = await poisonCourses();
  if (localCloud) say("local cloud");
  const cloud = localCloud ? await cloudTimes(rounds) : [];
  return {
    environment: environment(rounds),
    rows,
    designs: await designCounters(),
    growth: grown,
    parked,
    streams,
    poison,
    cloud,
  };
}

type Measure = () => Promise<readonly BenchRow[]>;

const rowMeasures = (rounds: number): readonly (readonly [RowNumber, Measure])[] => [
  [1, () => each(requestRows)],
  [3, async () => [await hotStreamRow(rounds)]],
  [4, () => each((m) => one(batchRow(m, rounds)))],
  [5, () => each((m) => one(libraryRow(m, rounds)))],
  [6, () => each((m) => one(socketRow(m, rounds)))],
  [7, () => each((m) => one(garbageRow(m, rounds)))],
  [8, () => bundleRows(rounds)],
  [9, () => each(redeliveryRows)],
  [10, poisonRows],
  [11, () => one(engineRow(rounds))],
];

async function each(
  measure: (m: Messages) => Promise<readonly BenchRow[]>,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const m of SIZES) rows.push(...(await measure(m)));
  return rows;
}

const one = async (row: Promise<BenchRow>): Promise<readonly BenchRow[]> => [await row];

const PACKAGES = [
  "@aws-lambda-powertools/batch",
  "@aws-lambda-powertools/idempotency",
  "@aws-sdk/client-dynamodb",
] as const;

function environment(rounds: number): Environment {
  const { date, commit, isCommitted, node, cores } = provenance(1);
  const file = readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8");
  const { dependencies, devDependencies } = JSON.parse(file) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const versions = { ...dependencies, ...devDependencies };
  const packages = Object.fromEntries(PACKAGES.map((name) => [name, versions[name] ?? "none"]));
  const storeLatencyMs = STORE_LATENCY_MS;
  return { date, commit, isCommitted, node, cores, packages, storeLatencyMs, rounds };
}
