/**
 * What one sandbox remembers of its streams, so that a warm stream costs no read. It may be
 * outdated at any time: it saves requests and decides nothing, the fence does.
 */
import { recentMap } from "#kernel/recent-map";
import type { Head } from "../head/head.ts";
import type { Memory } from "./handling.ts";

export type Remembered<Held> = { readonly head: Head; readonly memory: Memory<Held> };

export type StreamCache<Held> = {
  get(stream: string): Remembered<Held> | undefined;
  put(stream: string, remembered: Remembered<Held>): void;
  drop(stream: string): void;
};

export function streamCache<Held>(streamsMax: number): StreamCache<Held> {
  const streams = recentMap<Remembered<Held>>(streamsMax);
  return {
    get: (stream) => streams.get(stream),
    put(stream, { head, memory }) {
      streams.put(stream, { head, memory: aged(memory) });
    },
    drop: (stream) => streams.drop(stream),
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
