/**
 * `npm run check`: format, lint, types, dead code and import rules of the whole tree; `--fix` mends
 * what is safe first.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { applyFixes, runChecks } from "../test/support/run-checks.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { fix: { type: "boolean", default: false } } });

if (values.fix) await applyFixes(root);
const { failed } = await runChecks(root);
process.exitCode = failed === 0 ? 0 : 1;
