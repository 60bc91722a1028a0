/**
 * The heap after a full collection, in a process that was started with `--expose-gc`.
 */

/** Bytes in use. @throws Error where the collector cannot be called. */
export function collected(): number {
  if (globalThis.gc === undefined) throw new Error("Start this process with --expose-gc");
  // Twice: what the first pass finalises is freed by the second.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
