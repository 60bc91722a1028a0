/**
 * What every store of generations, every walk over streams and every removal of old generations
 * must do. An adapter's own test file calls these with constructors of it.
 */
import { expect, test } from "vitest";
import {
  type GenerationStore,
  type Leftovers,
  type StreamWalk,
  untouched,
} from "#contracts/projection";
import { type EventStore, nextCommit } from "#messaging";
import { start } from "../support/consumer-world.ts";

type Opened<What> = () => What | Promise<What>;

export function generationStoreContract(open: Opened<GenerationStore>): void {
  test("where nothing was ever rebuilt the first generation is read", async () => {
    expect(await (await open()).read()).toEqual(untouched);
  });

  test("what follows on the version read is written, what does not is refused", async () => {
    const store = await open();
    const building = { version: 1, live: 1, next: 2, newest: 2, walked: '{"pk":"a","sk":"b"}' };

    expect(await store.replace(building)).toBe(true);
    expect(await store.replace({ ...building, next: 3 })).toBe(false);
    expect(await store.replace({ ...building, version: 3 })).toBe(false);
    expect(await store.read()).toEqual(building);
  });

  test("what stands there counts as written: whoever lost the answer repeats it", async () => {
    const store = await open();
    const building = { version: 1, live: 1, next: 2, newest: 2 };
    await store.replace(building);

    expect(await store.replace(building)).toBe(true);
    expect(await store.replace({ ...building, walked: "here" })).toBe(false);
    expect(await store.read()).toEqual(building);
  });

  test("what a later version leaves out is gone", async () => {
    const store = await open();
    await store.replace({ version: 1, live: 1, next: 2, newest: 2, walked: "here" });
    const switched = { version: 2, live: 2, newest: 2, leftover: true } as const;

    expect(await store.replace(switched)).toBe(true);
    expect(await store.read()).toEqual(switched);
  });
}

export type WalkUnderTest = {
  readonly store: EventStore;
  /** Its pages hold two streams at most. */
  readonly walk: StreamWalk;
  /** Puts an item that is no commit into a partition without any. */
  readonly disturb: (partition: string) => Promise<unknown>;
};

export function streamWalkContract(open: Opened<WalkUnderTest>): void {
  const append = async (store: EventStore, stream: string): Promise<void> => {
    const events = [{ type: "x", data: {} }];
    const before = await store.read(stream);
    await store.append(nextCommit(stream, before, { events, recordedAt: start }));
  };

  test("every stream comes, however many commits it has, and nothing else", async () => {
    const { store, walk, disturb } = await open();
    for (const stream of ["a", "b", "b", "b", "c", "d", "e", "e"]) await append(store, stream);
    await disturb("z");

    const seen: string[] = [];
    let after: string | undefined;
    let looked = 0;
    for (let pages = 0; pages < 50; pages += 1) {
      // As whoever goes on with a position that was kept: nothing is remembered from page to page.
      const page = await walk.page(after);
      expect(page.streams.length).toBeLessThanOrEqual(2);
      seen.push(...page.streams);
      looked += page.looked;
      after = page.next;
      if (after === undefined) break;
    }

    expect(seen.toSorted()).toEqual(["a", "b", "c", "d", "e"]);
    expect(looked).toBeGreaterThanOrEqual(5);
  });

  test("an empty store is one page without streams", async () => {
    const { walk } = await open();

    expect(await walk.page(undefined)).toEqual({ streams: [], looked: 0 });
  });
}

export type LeftoversUnderTest = {
  readonly leftovers: Leftovers;
  readonly put: (stream: string, generation: number) => Promise<unknown>;
  readonly has: (stream: string, generation: number) => Promise<boolean>;
};

export function leftoversContract(open: Opened<LeftoversUnderTest>): void {
  test("all generations but the one that is read and later ones are removed, once", async () => {
    const { leftovers, put, has } = await open();
    const streams = Array.from({ length: 14 }, (_, index) => `stream-${index}`);
    for (const stream of streams) {
      await Promise.all([1, 2, 3, 4].map((generation) => put(stream, generation)));
    }

    expect(await leftovers.drop({ live: 2, newest: 3 })).toBe(28);

    expect(await leftovers.drop({ live: 2, newest: 3 })).toBe(0);
    for (const stream of ["stream-0", "stream-13"]) {
      const kept = await Promise.all([1, 2, 3, 4].map((generation) => has(stream, generation)));
      expect(kept).toEqual([false, true, false, true]);
    }
  });
}
