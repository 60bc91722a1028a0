/**
 * What every log of commits must do. An adapter's own test file calls this with a constructor of it
 * and of the empty event store that it belongs to.
 */
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { type Commit, type CommitLog, type EventStore, nextCommit } from "#messaging";
import { start } from "../support/consumer-world.ts";

export type CommitLogUnderTest = { readonly store: EventStore; readonly log: CommitLog };

const at = (ms: number): EpochMs => (start + ms) as EpochMs;

export async function allSince(log: CommitLog, since: EpochMs): Promise<readonly Commit[]> {
  const found: Commit[] = [];
  for await (const page of log.since(since)) {
    expect(page.length).toBeGreaterThan(0);
    found.push(...page);
  }
  return found;
}

export function commitLogContract(
  open: () => CommitLogUnderTest | Promise<CommitLogUnderTest>,
): void {
  const opened = async (recorded: Readonly<Record<string, readonly number[]>>, bytes = 1) => {
    const { store, log } = await open();
    for (const [stream, times] of Object.entries(recorded)) {
      for (const ms of times) {
        const events = [{ type: "x", data: { text: "x".repeat(bytes) } }];
        const before = await store.read(stream);
        await store.append(nextCommit(stream, before, { events, recordedAt: at(ms) }));
      }
    }
    return { store, since: (ms: number) => allSince(log, at(ms)) };
  };
  const numbers = (commits: readonly Commit[], stream: string) =>
    commits.filter((commit) => commit.stream === stream).map(({ number }) => number);

  test("commits from the instant on, whole and in the order of their stream", async () => {
    const { store, since } = await opened({ a: [0, 5, 10], b: [4], c: [5, 6] });

    const found = await since(5);

    expect(found).toHaveLength(4);
    expect(numbers(found, "a")).toEqual([2, 3]);
    expect(numbers(found, "c")).toEqual([1, 2]);
    expect(found.filter(({ stream }) => stream === "a")).toEqual((await store.read("a")).slice(1));
  });

  test("nothing since then is no page", async () => {
    const { since } = await opened({ a: [0] });

    expect(await since(1)).toEqual([]);
  });

  test("a stream's commits come together and in order over many pages", async () => {
    const times = Array.from({ length: 6 }, (_, index) => index);
    const { since } = await opened({ a: times, b: times, c: times }, 200_000);

    const found = await since(0);
    const streams = found.map(({ stream }) => stream);

    expect(found).toHaveLength(18);
    for (const stream of ["a", "b", "c"]) {
      expect(numbers(found, stream)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(streams.lastIndexOf(stream) - streams.indexOf(stream)).toBe(5);
    }
  });
}
