/**
 * Everything wrong that the simulator has to find in idempotent effects and locks.
 */
import type { IdempotencyBug } from "./bug.ts";
import { PLANTED_LOCKS } from "./planted-locks.ts";
import { PLANTED_RECORDS } from "./planted-records.ts";
import { PLANTED_RUNS } from "./planted-runs.ts";

export const PLANTED_IDEMPOTENCY: readonly IdempotencyBug[] = [
  ...PLANTED_RECORDS,
  ...PLANTED_RUNS,
  ...PLANTED_LOCKS,
];
