/**
 * Runs one kind of test and counts what came out, so that nothing that did not run can look like
 * success.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "./run-command.ts";

export type Counts = { readonly passed: number; readonly failed: number };

/** What vitest's JSON reporter writes (Jest's format), as far as it is needed. */
type VitestReport = {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

/** Long enough for the slowest kind; a run that takes longer hangs. */
const limitMs = 15 * 60_000;

export async function runKind(root: string, kind: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "inorder-tests-"));
  const file = join(folder, "report.json");
  const { exitCode } = await runNode(
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      `--project=${kind}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    { cwd: root, limitMs, output: "show" },
  );
  const counts = countsOf(reportIn(file), exitCode);
  rmSync(folder, { recursive: true, force: true });
  return counts;
}

/**
 * Every test that has not passed has failed, skipped ones included. A file that could not be loaded
 * counts as one, and so does a runner that ended badly (no tests, a crash, an error outside of
 * tests) without any of these.
 */
export function countsOf(report: VitestReport | undefined, exitCode: number): Counts {
  if (report === undefined) return { passed: 0, failed: 1 };
  const passed = report.numPassedTests;
  const notPassed = report.numTotalTests - passed;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  );
  const failed = notPassed + unloaded.length;
  const endedBadly = exitCode !== 0 || passed === 0;
  return { passed, failed: failed === 0 && endedBadly ? 1 : failed };
}

function reportIn(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return undefined;
  }
}
