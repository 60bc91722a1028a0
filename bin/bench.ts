/**
 * `npm run bench`: Inorder beside stock Powertools, as a table, as JSON and as docs/benchmark.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { happyTransitions } from "../test/bench/cost/model.ts";
import type { BenchRow } from "../test/bench/goals.ts";
import { benchmarkDocument } from "../test/bench/report/document.ts";
import { plots } from "../test/bench/report/plots.ts";
import { rowTable } from "../test/bench/report/tables.ts";
import type { BenchResult } from "../test/bench/result.ts";
import { countedRows, runBench } from "../test/bench/run.ts";
import type { SearchTimes } from "../test/bench/search/run.ts";
import { UsageError } from "./operator/start-options.ts";
import { plainTable } from "./simulation/columns.ts";

const USAGE = `Usage: npm run bench -- [options]

Measures the consumer and stock Powertools in turn, with the same events and the same store, and
prints the table. Takes some minutes; leave the machine alone meanwhile.

  --rounds N       rounds of everything that is timed, 1 to 50 (default 7)
  --counted        only what is counted, which is the same on every machine; takes seconds
  --search         only searching products, which has nothing to do with Powertools; takes seconds
  --json PATH      writes what was found
  --local-cloud    measures on a local cloud of its own, too
  --write FOLDER   writes benchmark.md, benchmark.json and the plots there, with the local cloud
  --help           this text
`;

const EXIT = { met: 0, missed: 1, usage: 2 } as const;
const ROUNDS_MAX = 50;
const SAGA = join(import.meta.dirname, "..", "stepfunctions", "order-saga.asl.json");

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { rounds, json, localCloud, write, counted, search, help } = options(args);
    if (help) {
      console.log(USAGE);
      return EXIT.met;
    }
    if (search) return await searchOnly(json);
    if (counted) return await countedOnly(json);
    const say = (line: string): void => console.error(`  ${line}`);
    const result = await runBench({ rounds, localCloud: localCloud || write !== undefined, say });
    console.log(plainTable(rowTable(result.rows)).join("\n"));
    if (json !== undefined) writeFileSync(json, jsonOf(result));
    if (write !== undefined) writeAll(write, result);
    return report(result.rows);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.missed;
  }
}

async function searchOnly(json: string | undefined): Promise<number> {
  const { missedGoal, searchTimes } = await import("../test/bench/search/run.ts");
  const times = await searchTimes();
  const { products, snapshotBytes, buildMs, changeMs, loadMs, kinds } = times;
  console.log(
    `${products} products: built in ${buildMs.toFixed(0)} ms, snapshot of ` +
      `${(snapshotBytes / 1_000_000).toFixed(2)} MB, one change in ${changeMs.toFixed(0)} ms, ` +
      `loaded in ${loadMs.toFixed(0)} ms`,
  );
  const rows = kinds.map(({ kind, searches, p50Ms, p99Ms }) => {
    return [kind, String(searches), p50Ms.toFixed(2), p99Ms.toFixed(2)];
  });
  const headings = ["searches", "number", "p50 ms of CPU", "p99"];
  console.log(plainTable({ headings, rows }).join("\n"));
  if (json !== undefined) writeFileSync(json, jsonOf(times));
  const missed = missedGoal(times);
  if (missed === undefined) return EXIT.met;
  console.log(missed);
  return EXIT.missed;
}

async function countedOnly(json: string | undefined): Promise<number> {
  const rows = await countedRows();
  console.log(plainTable(rowTable(rows)).join("\n"));
  if (json !== undefined) writeFileSync(json, jsonOf({ rows }));
  return report(rows);
}

/** Times depend on the machine; only what is counted decides. */
function report(rows: readonly BenchRow[]): number {
  const missed = rows.filter(({ met }) => !met);
  for (const { row, m, name, goal } of missed) {
    console.log(`missed: row ${row}${m === null ? "" : `, m = ${m}`}: ${name} ${goal}`);
  }
  const isCounterMissed = missed.some(({ row }) => [1, 2, 9, 10].includes(row));
  return isCounterMissed ? EXIT.missed : EXIT.met;
}

function writeAll(folder: string, result: BenchResult): void {
  const saga = JSON.parse(readFileSync(SAGA, "utf8")) as Parameters<typeof happyTransitions>[0];
  const document = benchmarkDocument(result, happyTransitions(saga));
  writeFileSync(join(folder, "benchmark.md"), document);
  writeFileSync(join(folder, "benchmark.json"), jsonOf(result));
  for (const [name, svg] of Object.entries(plots(result))) writeFileSync(join(folder, name), svg);
}

function jsonOf(result: Pick<BenchResult, "rows"> | SearchTimes): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function options(args: readonly string[]) {
  const {
    rounds: text,
    json,
    write,
    counted,
    search,
    help,
    "local-cloud": localCloud,
  } = parsed(args);
  if (counted && (write !== undefined || localCloud)) {
    throw new UsageError("--counted measures nothing; leave --write and --local-cloud out.");
  }
  const rounds = Number(text);
  if (!/^\d{1,2}$/.test(text) || rounds < 1 || rounds > ROUNDS_MAX) {
    throw new UsageError(`--rounds must be a whole number from 1 to ${ROUNDS_MAX}, got "${text}".`);
  }
  return { rounds, json, write, counted, search, help, localCloud };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: "string", default: "7" },
        counted: { type: "boolean", default: false },
        search: { type: "boolean", default: false },
        json: { type: "string" },
        write: { type: "string" },
        "local-cloud": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
