/**
 * What one sandbox remembers of its streams, so that a warm stream costs no read. It may be
 * outdated at any time: it saves requests and decides nothing, the fence does.
 */
import type { Head } from "../head/head.ts";
import type { Memory } from "./handling.ts";

export type Remembered<Held> = { readonly head: Head; readonly memory: Memory<Held> };

export type StreamCache<Held> = {
  get(stream: string): Remembered<Held> | undefined;
  put(stream: string, remembered: Remembered<Held>): void;
  drop(stream: string): void;
};

/**
 * Every use ends with `put` or `drop`, so the first entry of the Map is the least recently used.
 */
export function streamCache<Held>(streamsMax: number): StreamCache<Held> {
  const entries = new Map<string, Remembered<Held>>();
  return {
    get: (stream) => entries.get(stream),
    put(stream, { head, memory }) {
      entries.delete(stream);
      entries.set(stream, { head, memory: aged(memory) });
      if (entries.size <= streamsMax) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    },
    drop(stream) {
      entries.delete(stream);
    },
  };
}

/** What was fresh in the batch that read it is hearsay in the next. */
function aged<Held>(memory: Memory<Held>): Memory<Held> {
  switch (memory.kind) {
    case "fresh":
    case "cached":
      return { kind: "cached", held: memory.held };
    case "absent":
    case "failed":
      return { kind: "absent" };
    default:
      return memory satisfies never;
  }
}
