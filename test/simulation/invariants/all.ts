/**
 * The rules of every schedule, by number; draining within a bound (19) is judged by the scenario,
 * which knows the time.
 */
import { answers } from "./answers.ts";
import { audit } from "./audit.ts";
import { conservation } from "./conservation.ts";
import { detection } from "./detection.ts";
import { ending } from "./ending.ts";
import { fence } from "./fence.ts";
import { halts } from "./halts.ts";
import type { Invariant } from "./invariant.ts";
import { order, together } from "./order.ts";
import { rebuilding } from "./rebuilding.ts";

export const invariants: readonly Invariant[] = [
  order,
  conservation,
  fence,
  together,
  answers,
  halts,
  ending,
  detection,
  audit,
  rebuilding,
];

/** Drains within a bound; no stream waits for another. */
export const DRAINS = 19;
