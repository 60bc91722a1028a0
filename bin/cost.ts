/**
 * `npm run cost`: what a million messages and a million orders cost, from the counters of a run of
 * the benchmark, those of one order's whole way through the shop, and a dated price table.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { happyTransitions } from "../test/bench/cost/model.ts";
import { orderRun } from "../test/bench/cost/order-run.ts";
import { PRICES_READ, REGION } from "../test/bench/cost/prices.ts";
import { shopOrderTable } from "../test/bench/cost/shop-order.ts";
import { messageTable, orderTable, priceTable } from "../test/bench/cost/tables.ts";
import type { BenchResult } from "../test/bench/result.ts";
import { UsageError } from "./operator/start-options.ts";
import { plainTable } from "./simulation/columns.ts";

const USAGE = `Usage: npm run cost -- [--json PATH]

  --json PATH   what npm run bench -- --json wrote (default docs/benchmark.json)
  --help        this text
`;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const ROOT = join(import.meta.dirname, "..");
const SAGA = join(ROOT, "stepfunctions", "order-saga.asl.json");

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { json, help } = parsed(args);
    console.log(help ? USAGE : await costText(json));
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function costText(path: string): Promise<string> {
  const result = JSON.parse(readFileSync(path, "utf8")) as BenchResult;
  const saga = JSON.parse(readFileSync(SAGA, "utf8")) as Parameters<typeof happyTransitions>[0];
  const transitions = happyTransitions(saga);
  const runs = { "1 line": await orderRun(1), "3 lines": await orderRun(3) };
  return [
    "A million orders of the shop, from placing to delivery, each message and event by itself:",
    ...plainTable(shopOrderTable(runs, transitions)),
    "Not in it: logs, searches, carts, webhooks to customers, a product's changes (the search index",
    "and its snapshot in S3 follow products, not orders). Streams that functions read are free.",
    "",
    `A million messages, ${REGION}, prices of ${PRICES_READ}:`,
    ...plainTable(messageTable(result)),
    "",
    "API, saga and the messages of a million orders, beside other designs:",
    ...plainTable(orderTable(result, transitions)),
    "",
    ...plainTable(priceTable()),
  ].join("\n");
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "string", default: join(ROOT, "docs", "benchmark.json") },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
