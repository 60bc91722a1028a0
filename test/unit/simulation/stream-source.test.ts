// The model of the event source mapping on a change stream.
import { describe, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { changeStream, type StreamRecord } from "#simulation/change-stream";
import { scheduler } from "#simulation/scheduler";
import {
  type StreamBatchEnd,
  type StreamSourceFaults,
  streamSource,
} from "#simulation/stream-source";

const STEPS_MAX = 2_000;
const DONE: StreamBatchEnd = { kind: "answered", answer: undefined };

function world(faults: StreamSourceFaults = {}, shards = 1) {
  const time = scheduler(0 as EpochMs, STEPS_MAX);
  const changes = changeStream({ hash: (partition) => partition.charCodeAt(0), shards });
  const seen: string[] = [];
  const ends: ((end: StreamBatchEnd) => void)[] = [];
  const source = streamSource({
    changes,
    batchSize: 4,
    time,
    invoke(records, ended) {
      seen.push(records.map(({ partition }) => partition).join(" "));
      ends.push(ended);
    },
    faults,
  });
  const append = (names: string): void => {
    for (const partition of names.split(" ")) {
      changes.append([{ kind: "INSERT", partition, sort: "s", text: "1" }]);
    }
    source.wake();
  };
  const pass = async (): Promise<void> => void (await time.run(() => false, time.now() + 5_000));
  const end = async (how: StreamBatchEnd): Promise<void> => {
    ends.at(-1)?.(how);
    await pass();
  };
  return { changes, seen, ends, append, pass, end };
}

const failedAt = (record: StreamRecord | undefined): StreamBatchEnd => ({
  kind: "answered",
  answer: record?.position ?? "none",
});

describe("a batch", () => {
  test("of a shard is under way once at a time, and as large as it may be", async () => {
    const { seen, append, pass, end } = world();
    append("a b c d e");
    await pass();
    expect(seen).toEqual(["a b c d"]);

    await end(DONE);
    expect(seen).toEqual(["a b c d", "e"]);
  });

  test("that failed in part comes again from there on, and nothing newer with it", async () => {
    const { changes, seen, append, pass, end } = world();
    append("a b c");
    await pass();
    const [batch] = changes.next(9);
    append("d");

    await end(failedAt(batch?.records[1]));
    expect(seen.at(-1)).toBe("b c");
    await end(DONE);
    expect(seen.at(-1)).toBe("d");
  });

  test.for([{ kind: "crashed" }, { kind: "timed-out" }, failedAt(undefined)] as const)(
    "that failed as a whole is cut into halves: %j",
    async (failure) => {
      const { changes, seen, append, pass, end } = world();
      append("a b c");
      await pass();

      await end(failure);
      await end(failure);
      for (let more = 0; more < 3; more += 1) await end(DONE);
      expect(seen).toEqual(["a b c", "a b", "a", "b", "c"]);
      expect(changes.unread()).toBe(0);
    },
  );

  test("that is handed over twice is done when its first run is", async () => {
    const { changes, seen, ends, append, pass, end } = world({ repeats: () => true });
    append("a");
    await pass();
    expect(seen).toEqual(["a", "a"]);

    await end(DONE);
    expect(changes.unread()).toBe(1);
    ends[0]?.(DONE);
    expect(changes.unread()).toBe(0);
  });

  test("may be smaller than it could be", async () => {
    const { seen, append, pass, end } = world({ cutsTo: (count) => Math.min(2, count) });
    append("a b c");
    await pass();

    await end(DONE);
    expect(seen).toEqual(["a b", "c"]);
  });
});

test("what fails holds up its own shard and no other", async () => {
  const { seen, append, pass, end } = world({}, 2);
  append("b");
  await pass();
  await end({ kind: "crashed" });
  append("a");
  await pass();

  expect(seen).toEqual(["b", "b", "a"]);
});
