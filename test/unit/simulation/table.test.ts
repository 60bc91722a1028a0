// DynamoDB's weaker sides over a table in memory, and its change stream.
import { describe, expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadIndex, memoryHeadStore } from "#adapters/memory/head-store";
import { fnv1a } from "#kernel/rng";
import { neverWritten } from "#messaging";
import { type ChangeStream, changeStream } from "#simulation/change-stream";
import { type SimulatedTableOptions, simulatedTable } from "#simulation/table";
import { start } from "../../support/consumer-world.ts";

function world(over: Partial<SimulatedTableOptions> = {}) {
  const clock = { at: 0 };
  const changes = changeStream({ hash: fnv1a });
  const table = simulatedTable({ now: () => clock.at, changes, ...over });
  const put = (partition: string, text: string | undefined, sort = "s") =>
    table.write([{ partition, sort, text, condition: () => true }]);
  return { clock, changes, table, put };
}

const seen = (changes: ChangeStream): readonly string[] =>
  changes
    .next(100)
    .flatMap(({ records }) =>
      records.map(({ kind, partition, text }) => `${kind} ${partition} ${text}`),
    );

describe("an index", () => {
  test("tells what stood a while ago", () => {
    const lag = { ms: 0 };
    const { clock, table, put } = world({ lagMs: () => lag.ms });
    put("a", "a1");
    clock.at = 1_000;
    put("a", "a2");
    put("b", "b1");
    clock.at = 1_500;
    put("a", undefined);

    const scannedAfter = (ms: number): readonly string[] => {
      lag.ms = ms;
      return table.scan("s").toSorted();
    };

    expect(scannedAfter(0)).toEqual(["b1"]);
    expect(scannedAfter(500)).toEqual(["a2", "b1"]);
    expect(scannedAfter(501)).toEqual(["a1"]);
    expect(scannedAfter(1_500)).toEqual(["a1"]);
    expect(scannedAfter(1_501)).toEqual([]);
  });

  test("is never behind by more than its bound, and reads of keys not at all", () => {
    const { clock, table, put } = world({ lagMs: () => 1_000_000, lagMsMax: 5_000 });
    put("a", "a1");
    expect(table.scan("s")).toEqual([]);
    expect(table.get("a", "s")).toBe("a1");
    clock.at = 5_001;

    expect(table.scan("s")).toEqual(["a1"]);
  });

  test("of heads names a due stream late, as the real one may", async () => {
    const lag = { ms: 1_000 };
    const { clock, table } = world({ lagMs: () => lag.ms });
    const heads = memoryHeadStore({ table });
    const head = { ...neverWritten("a"), version: 1, attemptId: "1", dueAt: start };
    clock.at = 10_000;
    await heads.commit({ head, writes: [] });
    const index = memoryHeadIndex({ table });

    expect(await index.due(start, 10)).toEqual([]);
    lag.ms = 0;
    expect(await index.due(start, 10)).toEqual(["a"]);
  });
});

describe("the change stream", () => {
  test("has one record of each change, and none of a write that changes nothing", () => {
    const { changes, put } = world();
    put("a", "1");
    put("a", "1");
    put("a", "2");
    put("a", undefined);
    put("a", undefined);

    expect(seen(changes)).toEqual(["INSERT a 1", "MODIFY a 2", "REMOVE a undefined"]);
  });

  test("has nothing of a transaction that was refused", () => {
    const { changes, table } = world();

    const refused = table.write([
      { partition: "a", sort: "s", text: "1", condition: () => true },
      { partition: "b", sort: "s", text: "1", condition: () => false },
    ]);

    expect(refused).toEqual([1]);
    expect(seen(changes)).toEqual([]);
  });

  test("an expired item is read until it is removed, and its removal is a record", () => {
    const { changes, table, put } = world();
    put("a", "1");
    expect(table.expire("b", "s")).toBe(false);

    expect(table.expire("a", "s")).toBe(true);

    expect(table.get("a", "s")).toBeUndefined();
    expect(seen(changes)).toEqual(["INSERT a 1", "REMOVE a undefined"]);
  });

  test("what was not said to be done comes again, from the first that failed on", () => {
    const { changes, put } = world();
    for (const name of ["a", "b", "c"]) put(name, "1");
    const [batch] = changes.next(3);
    if (batch === undefined) throw new Error("no batch");

    expect(seen(changes)).toHaveLength(3);
    changes.advance(batch, batch.records[1]?.position);
    expect(seen(changes)).toEqual(["INSERT b 1", "INSERT c 1"]);
    changes.advance(batch);
    expect(changes.unread()).toBe(0);
  });

  test("behind a split, a partition goes on when its parent is read to its end", () => {
    const { changes, put } = world();
    put("a", "1");
    put("b", "1");
    changes.split();
    put("a", "2");
    put("b", "2");
    const [parent] = changes.next(10);
    if (parent === undefined) throw new Error("no batch");

    expect(seen(changes)).toEqual(["INSERT a 1", "INSERT b 1"]);
    changes.advance(parent);
    expect(seen(changes).toSorted()).toEqual(["MODIFY a 2", "MODIFY b 2"]);
  });

  test("behind a shard that closed without a record, what came before it is still waited for", () => {
    const { changes, put } = world();
    put("a", "1");
    changes.split();
    while (changes.split() !== undefined) put("a", "2");
    put("a", "3");

    expect(seen(changes)).toEqual(["INSERT a 1"]);
  });

  test("every partition keeps its order over many splits", () => {
    const { changes, put } = world();
    const names = ["a", "b", "c", "d", "e"];
    for (let round = 1; round <= 20; round += 1) {
      for (const name of names) put(name, String(round));
      changes.split();
    }
    const last = new Map<string, number>();
    for (let read = 0; read < 200; read += 1) {
      for (const batch of changes.next(3)) {
        for (const { partition, text } of batch.records) {
          expect(Number(text)).toBe((last.get(partition) ?? 0) + 1);
          last.set(partition, Number(text));
        }
        changes.advance(batch);
      }
    }
    expect([...last.values()]).toEqual(names.map(() => 20));
  });
});

describe("a transaction", () => {
  const write = (partition: string) => ({ partition, sort: "s", text: "1", condition: () => true });

  test("with two writes to one item is refused, and nothing of it written", () => {
    const { table } = world();

    expect(() => table.write([write("a"), write("b"), write("a")])).toThrow(/3 actions on 2 items/);
    expect(table.get("a", "s")).toBeUndefined();
  });

  test("has at most 100 writes", () => {
    const { table } = world();
    const writes = Array.from({ length: 101 }, (_, index) => write(String(index)));

    expect(() => table.write(writes)).toThrow(/at most 100/);
    expect(table.write(writes.slice(1))).toEqual([]);
  });
});

test("a transaction is told to its witness before anybody can read it", async () => {
  const told: number[] = [];
  const { table } = world({ witness: (writes) => told.push(writes.length) });
  const store = memoryEventStore(table);
  const commit = {
    stream: "a",
    number: 1,
    events: [{ type: "test.happened", sequence: 1, data: {} }],
    recordedAt: start,
  };

  await store.append(commit);
  await store.append(commit);

  expect(told).toEqual([1]);
});
