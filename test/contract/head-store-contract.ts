/**
 * What every head store must do. An adapter's own test file calls this with a constructor of an
 * empty one and of the event store that its effects go to.
 */
import { expect, test } from "vitest";
import {
  type AppendWrite,
  type EventStore,
  type Head,
  type HeadStore,
  neverWritten,
} from "#messaging";
import { start } from "../support/consumer-world.ts";
import { commitOf } from "./event-store-contract.ts";

export type HeadStoreUnderTest = {
  readonly heads: HeadStore<AppendWrite>;
  readonly store: EventStore;
};

type Written = Head & { readonly attemptId: string };

const head = (version: number, over: Partial<Written> = {}): Written => ({
  ...neverWritten("a"),
  version,
  last: version,
  attemptId: `attempt-${version}`,
  ...over,
});

const append = (detail = "x"): AppendWrite => ({
  kind: "append",
  commit: commitOf("a", [], detail),
});

const full: Partial<Written> = {
  status: "halted",
  recent: [{ sequence: 1, hash: "0123456789abcdef" }],
  parked: [
    {
      sequence: 2,
      hash: "0123456789abcdef",
      message: {
        id: "a#2",
        source: "urn:test",
        type: "test.happened",
        stream: "a",
        sequence: 2,
        time: start,
        data: { text: 'é\u0000"', list: [null, 1.5, true] },
      },
      parkedAt: start,
      reason: "halted",
    },
  ],
  attempts: 2,
  halt: { sequence: 2, messageId: "a#2", code: "conflict", message: "why", at: start },
  newest: start,
  dueAt: start,
  state: { customerId: "c", steps: [1, 2] },
};

export function headStoreContract(
  open: () => HeadStoreUnderTest | Promise<HeadStoreUnderTest>,
): void {
  test("a stream that was never committed has no head", async () => {
    const { heads } = await open();

    expect(await heads.read("a")).toBeUndefined();
  });

  test("a head is read back as it was committed", async () => {
    const { heads } = await open();

    expect(await heads.commit({ head: head(1, full), writes: [] })).toEqual({ kind: "committed" });

    expect(await heads.read("a")).toEqual(head(1, full));
  });

  test("what a newer head no longer has is gone", async () => {
    const { heads } = await open();
    await heads.commit({ head: head(1, full), writes: [] });

    await heads.commit({ head: head(2), writes: [] });

    expect(await heads.read("a")).toEqual(head(2));
  });

  test("a first commit is fenced by a head that is there, and told it", async () => {
    const { heads } = await open();
    await heads.commit({ head: head(1), writes: [] });

    const answer = await heads.commit({ head: head(1, { attemptId: "late" }), writes: [] });

    expect(answer).toEqual({ kind: "fenced", current: head(1) });
  });

  test.for([0, 1])("a late commit is fenced, with %i writes, and writes nothing", async (count) => {
    const { heads, store } = await open();
    await heads.commit({ head: head(1), writes: [] });
    await heads.commit({ head: head(2), writes: [] });
    const writes = [append()].slice(0, count);

    const answer = await heads.commit({ head: head(2, { attemptId: "late" }), writes });

    expect(answer).toEqual({ kind: "fenced", current: head(2) });
    expect(await heads.read("a")).toEqual(head(2));
    expect(await store.read("a")).toEqual([]);
  });

  test("a commit from a head that nobody wrote is fenced", async () => {
    const { heads } = await open();

    const answer = await heads.commit({ head: head(5), writes: [] });

    expect(answer).toEqual({ kind: "fenced", current: undefined });
    expect(await heads.read("a")).toBeUndefined();
  });

  test.for([0, 1])("a repair takes the place of version %i, and of no other", async (over) => {
    const { heads } = await open();
    if (over === 1) await heads.commit({ head: head(1), writes: [] });

    const early = await heads.commit({ head: head(7), over: 1 - over, writes: [] });
    const repaired = await heads.commit({ head: head(7), over, writes: [] });
    const next = await heads.commit({ head: head(8), writes: [] });

    expect(early).toMatchObject({ kind: "fenced" });
    expect([repaired, next]).toEqual([{ kind: "committed" }, { kind: "committed" }]);
    expect(await heads.read("a")).toEqual(head(8));
  });

  test("head and writes exist together", async () => {
    const { heads, store } = await open();

    const answer = await heads.commit({ head: head(1), writes: [append()] });

    expect(answer).toEqual({ kind: "committed" });
    expect(await heads.read("a")).toEqual(head(1));
    expect(await store.read("a")).toEqual([commitOf("a", [])]);
  });

  test("a write whose condition fails refuses the head too", async () => {
    const { heads, store } = await open();
    await heads.commit({ head: head(1), writes: [] });
    await store.append(commitOf("a", [], "first"));

    const answer = await heads.commit({ head: head(2), writes: [append("second")] });

    expect(answer).toEqual({ kind: "refused" });
    expect(await heads.read("a")).toEqual(head(1));
    expect(await store.read("a")).toEqual([commitOf("a", [], "first")]);
  });

  test("when the head and a write both stand against it, the fence is told", async () => {
    const { heads, store } = await open();
    await heads.commit({ head: head(1), writes: [] });
    await store.append(commitOf("a", [], "first"));

    const late = head(1, { attemptId: "late" });
    const answer = await heads.commit({ head: late, writes: [append("second")] });

    expect(answer).toEqual({ kind: "fenced", current: head(1) });
  });

  test.for([0, 1])("a repeated commit with %i writes is committed once", async (count) => {
    const { heads, store } = await open();
    const commit = { head: head(1), writes: [append()].slice(0, count) };
    await heads.commit(commit);

    const answer = await heads.commit(commit);

    expect(answer).toEqual({ kind: "committed" });
    expect(await heads.read("a")).toEqual(head(1));
    expect(await store.read("a")).toHaveLength(count);
  });

  test.for([0, 1])(
    "of concurrent commits with %i writes exactly one takes effect",
    async (count) => {
      const { heads, store } = await open();
      await heads.commit({ head: head(1), writes: [] });

      const answers = await Promise.all(
        ["v", "w", "x", "y", "z"].map((attemptId) =>
          heads.commit({
            head: head(2, { attemptId }),
            writes: [append(attemptId)].slice(0, count),
          }),
        ),
      );

      expect(answers.filter(({ kind }) => kind === "committed")).toHaveLength(1);
      const winner = await heads.read("a");
      const commits = await store.read("a");
      expect(commits).toEqual([commitOf("a", [], winner?.attemptId)].slice(0, count));
    },
  );

  test("as many writes as the bounds promise fit one commit", async () => {
    const { heads, store } = await open();
    const writes = Array.from({ length: heads.bounds.writesMax }, (_, index): AppendWrite => {
      const commit = { ...commitOf("a", []), number: index + 1 };
      return { kind: "append", commit };
    });

    const answer = await heads.commit({ head: head(1), writes });

    expect(answer).toEqual({ kind: "committed" });
    expect(await store.read("a")).toHaveLength(heads.bounds.writesMax);
  });

  test("as many bytes as the bounds promise fit one commit", async () => {
    const { heads, store } = await open();
    const { bytesMax, writeBytesMax } = heads.bounds;
    const bytesOf = (write: AppendWrite): number => heads.bounds.footprint(write).bytes;
    const room = writeBytesMax - bytesOf(append(""));
    const count = Math.floor(bytesMax / writeBytesMax);
    const writes = Array.from({ length: count }, (_, index): AppendWrite => {
      const commit = { ...commitOf("a", [], "x".repeat(room)), number: index + 1 };
      return { kind: "append", commit };
    });

    expect(writes.map(bytesOf)).toEqual(writes.map(() => writeBytesMax));
    const answer = await heads.commit({ head: head(1), writes });

    expect(answer).toEqual({ kind: "committed" });
    expect(await store.read("a")).toHaveLength(count);
  });

  test("writes to one item have one name, writes to two have two", async () => {
    const { heads } = await open();
    const other: AppendWrite = { kind: "append", commit: { ...commitOf("a", []), number: 2 } };
    const itemOf = (write: AppendWrite): string => heads.bounds.footprint(write).item;

    expect(itemOf(append("x"))).toBe(itemOf(append("y")));
    expect(itemOf(append("x"))).not.toBe(itemOf(other));
  });
}
