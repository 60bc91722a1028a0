/**
 * The kinds of test, in the order in which they run: one folder under `test/`, one vitest project
 * and one npm script each. `vitest.config.ts` and `bin/test.ts` both read this list, so none can be
 * forgotten in one of them.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

const REQUIRED = [
  "unit",
  "tidy",
  "infra",
  "local-cloud",
  "contract",
  "package",
  "integration",
] as const;

export type Kind = (typeof REQUIRED)[number] | "simulation";

/**
 * All kinds that this tree must have; `simulation` belongs to them as soon as its folder exists.
 */
export function kindsOf(root: string): readonly Kind[] {
  const [first, ...rest] = REQUIRED;
  return existsSync(join(root, "test/simulation")) ? [first, "simulation", ...rest] : REQUIRED;
}
