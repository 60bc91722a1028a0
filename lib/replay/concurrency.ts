/**
 * Bounds on what runs at the same time: requests to one server, and orders under way.
 */

/** Runs what it is given, never more than so many at once, in the order of asking. */
export type Turnstile = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** What waits is bounded by the callers: each waits for its own turn. */
export function turnstile(atOnceMax: number): Turnstile {
  let inside = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    // The place goes over to the next one without becoming free in between.
    if (next === undefined) inside -= 1;
    else next();
  };
  return async (work) => {
    if (inside < atOnceMax) inside += 1;
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
 * as one `AggregateError`.
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
  if (failures.length > 0) throw new AggregateError(failures, "some of the work failed");
  return results;
}
