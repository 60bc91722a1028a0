/**
 * Every planted bug: a wrong variant of the ordered consumer, of what it works with, of the saga
 * and the relay, of idempotent effects and locks, or of the stock. None of them is in the product;
 * the simulator has to find each of them.
 */
import { ANSWERS } from "./answers.ts";
import { ATOMICITY } from "./atomicity.ts";
import type { BugWithControl } from "./bug.ts";
import { CALLS } from "./calls.ts";
import { DETECTION } from "./detection.ts";
import { FENCE } from "./fence.ts";
import { FORGOTTEN } from "./forgotten.ts";
import { HALTING } from "./halting.ts";
import { HANDLERS } from "./handlers.ts";
import { OUTCOMES } from "./outcomes.ts";
import { PARKING } from "./parking.ts";
import { RESTORING } from "./restoring.ts";
import { REWINDING } from "./rewinding.ts";
import { WAYS } from "./ways.ts";
import { PLANTED_IDEMPOTENCY } from "../idempotency/planted.ts";
import { PLANTED_RELAYS } from "../saga/planted-relays.ts";
import { PLANTED_SAGAS } from "../saga/planted.ts";
import { PLANTED_STOCK } from "../stock/planted.ts";

export const PLANTED: readonly BugWithControl[] = [
  ...FENCE,
  ...ATOMICITY,
  ...OUTCOMES,
  ...ANSWERS,
  ...PARKING,
  ...HALTING,
  ...DETECTION,
  ...HANDLERS,
  ...CALLS,
  ...FORGOTTEN,
  ...WAYS,
  ...RESTORING,
  ...REWINDING,
  ...PLANTED_SAGAS,
  ...PLANTED_RELAYS,
  ...PLANTED_IDEMPOTENCY,
  ...PLANTED_STOCK,
];
