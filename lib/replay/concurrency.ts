/**
 * Bounds on what runs at the same time: requests to one server, and orders under way.
 */

/** Runs what it is given, never more than so many at once, in the order of asking. */
export type Turnstile = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * What waits is bounded by the callers: each waits for its own turn.
 * @param atOnceFirst lets fewer in at first, and one more for each that has left: a server that has
 *   stood still is not met by all at once
 */
export function turnstile(atOnceMax: number, atOnceFirst = atOnceMax): Turnstile {
  let inside = 0;
  let places = atOnceFirst;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    inside -= 1;
    places = Math.min(atOnceMax, places + 1);
    // The places go over to the next in line without becoming free in between.
    for (const next of waiting.splice(0, places - inside)) {
      inside += 1;
      next();
    }
  };
  return async (work) => {
    if (inside < places) inside += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      leave();
    }
  };
}

/**
 * Works on all items, so many at once, and answers their results in the items' order. After a
 * failure nothing new is begun; what is under way is waited for, and then all failures are thrown
 * as one `AggregateError`, whose message has all of their reasons.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnceMax: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, worker));
  if (failures.length > 0) throw new AggregateError(failures, reasonsOf(failures));
  return results;
}

/** Each once: what fails at the same time fails for the same reason as a rule. */
const reasonsOf = (failures: readonly unknown[]): string =>
  [...new Set(failures.map((one) => (one instanceof Error ? one.message : String(one))))].join(
    "\n",
  );
