/**
 * `npm test`: the checks and every kind of test, or only the kinds that are named; the last line is
 * the sum.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { kindsOf } from "../test/support/kinds.ts";
import { findRedisServer, WITHOUT_REDIS } from "../test/support/redis-server.ts";
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
  const names = named.length === 0 ? known : named;
  if (names.includes("contract") && findRedisServer() === undefined) console.log(WITHOUT_REDIS);
  const { failed } = await runAll(root, names);
  process.exitCode = failed === 0 ? 0 : 1;
}
