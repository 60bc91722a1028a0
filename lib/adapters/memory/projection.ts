/**
 * What a rebuild works on, in memory: the item that says which generation is read, all streams of
 * an event store, and heads of several generations in one table.
 */
import {
  consumerIn,
  type Generations,
  type GenerationStore,
  isLeftOver,
  isSameState,
  type Leftovers,
  type StreamWalk,
  untouched,
} from "#contracts/projection";
import type { MemoryTable } from "./table.ts";

export function memoryGenerations(): GenerationStore {
  let stored: Generations = untouched;
  return {
    read: async () => stored,
    async replace(generations) {
      if (generations.version !== stored.version + 1) {
        return isSameState(stored, generations);
      }
      stored = generations;
      return true;
    },
  };
}

/** @param pageStreams on one page */
export const memoryStreamWalk = (
  { table }: { readonly table: MemoryTable },
  pageStreams: number,
): StreamWalk => ({
  async page(after = "") {
    const rest = table
      .partitions()
      .filter((stream) => stream > after && table.query(stream, "commit#").length > 0)
      .toSorted();
    const streams = rest.slice(0, pageStreams);
    const last = streams.at(-1);
    const isMore = rest.length > streams.length && last !== undefined;
    return { streams, looked: streams.length, ...(isMore ? { next: last } : {}) };
  },
});

export const memoryLeftovers = (
  { table }: { readonly table: MemoryTable },
  consumer: string,
): Leftovers => ({
  async drop(kept) {
    let dropped = 0;
    for (const partition of table.partitions()) {
      for (let generation = 1; generation <= kept.newest; generation += 1) {
        const sort = `head#${consumerIn(consumer, generation)}`;
        if (!isLeftOver(generation, kept) || table.get(partition, sort) === undefined) continue;
        table.write([{ partition, sort, text: undefined, condition: () => true }]);
        dropped += 1;
      }
    }
    return dropped;
  },
});
