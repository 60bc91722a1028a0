/**
 * A hundred thousand streams that each wait for a message: what the sandbox keeps of them, and what
 * the store does. Measured in a process of its own, where the collector can be called.
 */
import { measured } from "../rows/garbage.ts";

export type ParkedMemory = {
  readonly streams: number;
  /** What a sandbox remembers at most (`streamsCachedMax`), and its heap for that. */
  readonly cachedMax: number;
  readonly heapBytes: number;
  readonly heapBytesPerCachedStream: number;
  /** Of one waiting stream, its message of about 400 bytes included. */
  readonly storedBytesPerStream: number;
  readonly writeUnitsPerMessage: number;
};

/** @param cachedMax default: the consumer's. */
export const parkedMemory = (streams: number, cachedMax: number): Promise<ParkedMemory> =>
  measured<ParkedMemory>("parked-process.ts", [String(streams), String(cachedMax)]);
