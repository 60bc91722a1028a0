// `npm run bench` and `npm run cost` from their options to their exit codes.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { BenchRow } from "../../bench/goals.ts";
import { runNode } from "../../support/run-command.ts";

const cwd = join(import.meta.dirname, "..", "..", "..");
const run = (...script: readonly string[]) => runNode(script, { cwd, limitMs: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "inorder-bench-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what is counted is printed, written, and decides the exit code", async () => {
  const json = join(folder, "counted.json");

  const { exitCode, output } = await run("bin/bench.ts", "--counted", "--json", json);

  const { rows } = JSON.parse(readFileSync(json, "utf8")) as { readonly rows: readonly BenchRow[] };
  expect(rows.map(({ row, m }) => `${row}/${m}`).join(" ")).toBe(
    "1/10 2/10 1/1 2/1 9/10 9/10 9/1 9/1 10/null",
  );
  expect(exitCode).toBe(rows.every(({ met }) => met) ? 0 : 1);
  expect(output).toContain("DynamoDB requests per message (requests)");
});

test.each([
  [["--rounds", "0"], "--rounds must be a whole number from 1 to 50"],
  [["--counted", "--write", folder], "--counted measures nothing"],
  [["--what"], "Unknown option '--what'"],
])("%j is refused with what is wrong", async (args, words) => {
  const { exitCode, output } = await run("bin/bench.ts", ...args);

  expect(output).toContain(words);
  expect(exitCode).toBe(2);
});

test("costs follow from the committed result, for messages and for orders", async () => {
  const { exitCode, output } = await run("bin/cost.ts");

  expect(output).toContain("A million orders");
  expect(output).toContain("Powertools + outbox");
  expect(exitCode).toBe(0);
});
