/**
 * `npm test`: the checks and every kind of test, or only the kinds that are named; the last line is
 * the sum.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { kindsOf } from "../test/support/kinds.ts";
import { runAll } from "../test/support/run-all.ts";

const root = join(import.meta.dirname, "..");
const { positionals: named } = parseArgs({ allowPositionals: true });
const known: readonly string[] = ["check", ...kindsOf(root)];
const unknown = named.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(
    `There is no kind of test called ${unknown.join(", ")}: name some of ${known.join(", ")}.`,
  );
  process.exitCode = 2;
} else {
  const { failed } = await runAll(root, named.length === 0 ? known : named);
  process.exitCode = failed === 0 ? 0 : 1;
}
