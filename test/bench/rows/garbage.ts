/**
 * Row 7: bytes that a message leaves to the collector. Measured in a process whose young generation
 * has room for all of a round, so that nothing is collected: the growth of the heap is what was
 * allocated.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type BenchRow, type Messages, rowOf } from "../goals.ts";
import { ratios } from "../measure/rounds.ts";
import { spreadOf } from "../measure/spread.ts";

const HEAP_FLAGS = [
  "--expose-gc",
  "--min-semi-space-size=512",
  "--max-semi-space-size=512",
] as const;

export type GarbageRounds = Readonly<Record<"ours" | "powertools" | "alone", readonly number[]>>;

export async function garbageRow(m: Messages, count: number): Promise<BenchRow> {
  const found = await measured<GarbageRounds>("garbage-process.ts", [String(m), String(count)]);
  return rowOf(7, m, {
    ours: spreadOf(found.ours).median,
    powertools: spreadOf(found.powertools).median,
    alone: spreadOf(found.alone).median,
    rounds: ratios(found.ours, found.powertools),
    note: "growth of the heap while nothing is collected",
  });
}

/** What a process with such a heap prints as JSON. */
export async function measured<Answer>(file: string, args: readonly string[]): Promise<Answer> {
  const script = join(import.meta.dirname, "..", "measure", file);
  const child = spawn(process.execPath, [...HEAP_FLAGS, script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${file} ended with code ${code}.`);
  return JSON.parse(text) as Answer;
}
