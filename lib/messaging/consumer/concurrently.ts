/**
 * Runs work side by side within a bound, so that one slow stream does not hold up a batch and a
 * large batch does not open a hundred connections.
 */

/**
 * Begun in the order given. Resolves when all are done; rejects with the first error, after the
 * others have ended.
 */
export async function concurrently(
  works: readonly (() => Promise<void>)[],
  atOnceMax: number,
): Promise<void> {
  const waiting = works.values();
  const worker = async (): Promise<void> => {
    for (const work of waiting) await work();
  };
  const workers = Array.from({ length: Math.min(atOnceMax, works.length) }, worker);
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
