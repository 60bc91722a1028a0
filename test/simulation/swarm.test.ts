// Twenty thousand schedules of the whole swarm, as anybody runs them by hand: the ordered consumer,
// the saga, idempotent effects and locks, the stock break nothing; every fault and branch came up.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { SCENARIOS } from "./scenarios.ts";

const root = join(import.meta.dirname, "..", "..");
const OF_EACH = 5_000;
/** A bound on a run that hangs, several times what it takes. */
const LIMIT_MS = 900_000;

test("no schedule breaks an invariant", { timeout: LIMIT_MS }, async () => {
  const run = promisify(execFile);
  const args = ["bin/simulate.ts", "--schedules", String(OF_EACH), "--seed", "1"];

  // It exits with an error on a breach, and when a fault or a branch did not come up.
  const { stdout } = await run(process.execPath, args, { cwd: root, timeout: LIMIT_MS });

  const clean = stdout.match(/^0 of 5,000 schedules broke an invariant\.$/gm) ?? [];
  expect(clean).toHaveLength(SCENARIOS.length);
  expect(SCENARIOS.length * OF_EACH).toBeGreaterThanOrEqual(20_000);
});
