/**
 * Cuts what is to be sent into requests that the service accepts: a few entries, and not too many
 * bytes together.
 */

export type RequestBounds = { readonly entriesMax: number; readonly bytesMax: number };

/**
 * In the order given. An entry that is too large by itself gets a request of its own, and the
 * service's own answer.
 */
export function* requestBatches<Entry extends { readonly bytes: number }>(
  entries: readonly Entry[],
  { entriesMax, bytesMax }: RequestBounds,
): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const isFull = batch.length === entriesMax || bytes + entry.bytes > bytesMax;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.bytes;
  }
  if (batch.length > 0) yield batch;
}
