/**
 * Runs all checks, two at a time, and prints each result as soon as it is there.
 */
import { type CheckName, checks, fixes, runCheck } from "./checks.ts";

const atOnceMax = 2;

/** Longest first, so that the others run beside it. */
const order: readonly CheckName[] = ["types", "dead-code", "lint", "import-rules", "format"];

export type ChecksResult = { readonly passed: number; readonly failed: number };

export async function runChecks(root: string): Promise<ChecksResult> {
  const waiting = [...order];
  const failed: CheckName[] = [];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await runCheck(checks[name], root);
      const ok = result.exitCode === 0;
      if (!ok) failed.push(name);
      console.log(`${ok ? "ok    " : "FAILED"} ${name.padEnd(12)} ${result.seconds.toFixed(1)} s`);
      if (!ok) console.log(`${result.output.trim()}\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, worker));
  return { passed: order.length - failed.length, failed: failed.length };
}

/** Formats and applies the safe fixes; what is left is for `runChecks` to say. */
export async function applyFixes(root: string): Promise<void> {
  for (const fix of fixes) await runCheck(fix, root);
}
