/**
 * Runs the checks and the kinds of test one after the other, goes on after a failure, and sums up.
 */
import { runChecks } from "./run-checks.ts";
import { type Counts, runKind } from "./run-kind.ts";

type Part = Counts & { readonly name: string; readonly seconds: number };

/** Prints the table of all parts; its last line is `N passed, N failed`. */
export async function runAll(root: string, names: readonly string[]): Promise<Counts> {
  const parts: Part[] = [];
  for (const name of names) {
    console.log(`\n== ${name}`);
    const startedAtMs = performance.now();
    const counts = name === "check" ? await runChecks(root) : await runKind(root, name);
    parts.push({ name, ...counts, seconds: (performance.now() - startedAtMs) / 1000 });
  }
  const sum = {
    passed: parts.reduce((total, { passed }) => total + passed, 0),
    failed: parts.reduce((total, { failed }) => total + failed, 0),
  };
  console.log(`\n${parts.map(lineOf).join("\n")}\n${sum.passed} passed, ${sum.failed} failed`);
  return sum;
}

const lineOf = ({ name, passed, failed, seconds }: Part): string =>
  `${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed` +
  ` ${seconds.toFixed(1).padStart(7)} s`;
