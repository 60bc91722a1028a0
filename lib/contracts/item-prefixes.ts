/**
 * How the sort keys of a table with events or heads begin: written by the adapters, and told apart
 * in change streams by the filters of the stacks.
 */
import { Failure } from "#kernel/failure";

export const ITEM_PREFIXES = {
  commit: "commit#",
  head: "head#",
  parked: "parked#",
  audit: "audit#",
  /** Callbacks of runs that wait: never in a change stream's filter. */
  token: "token#",
} as const;

/**
 * All keys of the item that is looked for to see whether a table answers. No SKU, no client and no
 * order can be called so: whoever may read this item can read nothing.
 */
export const PROBED_KEY = "#health";

/** A sort key has 1,024 bytes, of which the rest of it needs few. */
const CONSUMER_LENGTH_MAX = 256;

/**
 * The name, where it is one that keys can hold: one with their separator would put a consumer's
 * items among those of another.
 *
 * @throws Failure `misconfigured`, action `reject`.
 */
export function consumerInKeys(name: string): string {
  if (name.length >= 1 && name.length <= CONSUMER_LENGTH_MAX && !name.includes("#")) return name;
  const rule = `1 to ${CONSUMER_LENGTH_MAX} characters and no "#"`;
  throw new Failure(
    "misconfigured",
    "reject",
    `A consumer's name has ${rule}, which separates the parts of its keys; received ` +
      `${JSON.stringify(name)}.`,
  );
}
