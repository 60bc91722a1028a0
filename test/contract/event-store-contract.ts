/**
 * What every event store must do. An adapter's own test file calls this with a constructor of an
 * empty store.
 */
import { expect, test } from "vitest";
import type { StreamTails, WithSnapshot } from "#contracts/snapshot";
import { type Commit, type EventStore, nextCommit } from "#messaging";
import { start } from "../support/consumer-world.ts";

export const commitOf = (stream: string, commits: readonly Commit[], detail = "x"): Commit =>
  nextCommit(stream, commits, {
    events: [{ type: "test.happened", data: { detail } }],
    recordedAt: start,
  });

export function eventStoreContract(open: () => EventStore | Promise<EventStore>): void {
  test("an unknown stream is empty", async () => {
    const store = await open();

    expect(await store.read("unknown")).toEqual([]);
  });

  test("what was appended is read back, whole and in order", async () => {
    const store = await open();
    const commits: Commit[] = [];
    for (let number = 1; number <= 12; number += 1) {
      const commit = nextCommit("a", commits, {
        events: [
          { type: "test.happened", data: { text: 'é\u0000"\uD800', list: [null, 1.5, true, {}] } },
          { type: "test.ended", data: {} },
        ],
        recordedAt: start,
        ...(number === 1 ? { fingerprint: "f", traceparent: "t" } : {}),
      });
      expect(await store.append(commit)).toEqual({ kind: "appended" });
      commits.push(commit);
    }

    expect(await store.read("a")).toEqual(commits);
  });

  test("streams do not mix, also when one is named like the beginning of another", async () => {
    const store = await open();
    await store.append(commitOf("a", []));
    await store.append(commitOf("ab", []));

    expect(await store.read("a")).toEqual([commitOf("a", [])]);
  });

  test("a number that is taken answers what stands there, and nothing is written", async () => {
    const store = await open();
    const standing = commitOf("a", [], "first");
    await store.append(standing);

    const answer = await store.append(commitOf("a", [], "second"));

    expect(answer).toEqual({ kind: "exists", commit: standing });
    expect(await store.read("a")).toEqual([standing]);
  });

  test("of concurrent appends with one number, equal ones too, exactly one wins", async () => {
    const store = await open();
    const commit = commitOf("a", []);

    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => store.append(commit)));

    expect(answers.filter(({ kind }) => kind === "appended")).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === "exists")).toHaveLength(4);
  });

  test("a stream of over a megabyte is read whole", async () => {
    const store = await open();
    const commits: Commit[] = [];
    for (let number = 1; number <= 5; number += 1) {
      const commit = commitOf("a", commits, "x".repeat(300_000));
      await store.append(commit);
      commits.push(commit);
    }

    expect(await store.read("a")).toEqual(commits);
  });

  test("a range answers exactly the commits that have an event of it", async () => {
    const store = await open();
    const commits: Commit[] = [];
    for (let number = 1; number <= 40; number += 1) {
      const events = Array.from({ length: 1 + (number % 3) }, () => ({ type: "x", data: {} }));
      const commit = nextCommit("a", commits, { events, recordedAt: start });
      commits.push(commit);
    }
    await Promise.all([...commits, commitOf("ab", [])].map((commit) => store.append(commit)));
    const last = commits.at(-1)?.events.at(-1)?.sequence ?? 0;

    const ends = [0, 1, 3, 40, last - 30, last, 10 ** 11];
    const ranges = ends.flatMap((from) => [undefined, ...ends].map((to) => ({ from, to })));
    const read = await Promise.all(ranges.map((range) => store.read("a", range)));
    for (const [index, { from, to = last }] of ranges.entries()) {
      const within = commits.filter(({ events }) =>
        events.some(({ sequence }) => sequence >= from && sequence <= to),
      );
      expect({ from, to, commits: read[index] }).toEqual({ from, to, commits: within });
    }
    expect(await store.read("unknown", { from: 2 })).toEqual([]);
  });
}

/** @param disturb puts an item that is no commit into the stream's partition */
export function streamTailsContract(
  open: () => Promise<{
    readonly store: EventStore & StreamTails<Commit>;
    readonly disturb: (stream: string) => Promise<unknown>;
  }>,
): void {
  test("the last commits come in their order, with the snapshots that they carry", async () => {
    const { store, disturb } = await open();
    const commits: (Commit & WithSnapshot)[] = [];
    for (let number = 1; number <= 7; number += 1) {
      const commit = commitOf("a", commits);
      const snapshot = { version: 3, state: { list: [null, 'é"'], number } };
      commits.push(number === 5 ? { ...commit, snapshot } : commit);
      await store.append(commits.at(-1) ?? commit);
    }
    await store.append(commitOf("ab", []));
    await disturb("a");

    expect(await store.tail("a", 3)).toEqual(commits.slice(4));
    expect(await store.tail("a", 1)).toEqual(commits.slice(6));
    expect(await store.tail("a", 8)).toEqual(commits);
    expect(await store.tail("unknown", 3)).toEqual([]);
  });

  test("commits too large for one page are a tail all the same", async () => {
    const { store } = await open();
    const commits: Commit[] = [];
    for (let number = 1; number <= 5; number += 1) {
      commits.push(commitOf("a", commits, "x".repeat(350_000)));
      await store.append(commits.at(-1) ?? commitOf("a", []));
    }

    const tail = await store.tail("a", 4);

    expect(tail.map(({ number }) => number)).toEqual([2, 3, 4, 5]);
  });
}
