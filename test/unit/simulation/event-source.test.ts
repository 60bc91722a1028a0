// The model of the event source mapping on a FIFO queue.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { type BatchEnd, type EventSourceOptions, eventSource } from "#simulation/event-source";
import { fifoQueue, type Received } from "#simulation/fifo-queue";
import { scheduler } from "#simulation/scheduler";

const VISIBILITY = 30_000;
const STEPS_MAX = 2_000;

type Invocation = {
  readonly at: number;
  readonly records: readonly Received[];
  readonly end: (end: BatchEnd) => void;
};

const answer = (...failed: readonly string[]): BatchEnd => ({ kind: "answered", answer: failed });

const bodiesOf = ({ records }: Invocation): string => records.map(({ body }) => body).join(" ");

const idOf = ({ records }: Invocation, body: string): string =>
  records.find((record) => record.body === body)?.messageId ?? "none";

function world(over: Partial<EventSourceOptions> = {}) {
  const time = scheduler(0 as EpochMs, STEPS_MAX);
  const deadLetterQueue = fifoQueue({ visibilityMs: VISIBILITY });
  const queue = fifoQueue({ visibilityMs: VISIBILITY, deadLetterQueue, maxReceiveCount: 3 });
  const invocations: Invocation[] = [];
  const source = eventSource({
    queue,
    batchSize: 10,
    concurrencyMax: 5,
    time,
    invoke: (records, end) => invocations.push({ at: time.now(), records, end }),
    ...over,
  });
  return {
    time,
    queue,
    deadLetterQueue,
    invocations,
    source,
    send: async (bodies: string) => {
      for (const body of bodies.split(" ")) {
        queue.send({ body, group: body.slice(0, 1), deduplicationId: body }, time.now());
      }
      source.wake();
      await time.run(() => false, time.now() + 100);
    },
    pass: (ms: number) => time.run(() => false, time.now() + ms),
    bodies: () => invocations.map(bodiesOf),
  };
}

describe("batches", () => {
  test("a batch mixes groups, up to its size", async () => {
    const { send, bodies } = world({ batchSize: 3, concurrencyMax: 1 });

    await send("a1 b1 a2 b2");

    expect(bodies()).toEqual(["a1 a2 b1"]);
  });

  test("while a group is in an invocation, its later messages wait, others go on", async () => {
    const { send, bodies, source } = world();
    await send("a1");
    await send("a2 b1");

    expect(bodies()).toEqual(["a1", "b1"]);
    expect(source.running()).toBe(2);
  });

  test("no more invocations at once than allowed", async () => {
    const { send, bodies, invocations } = world({ concurrencyMax: 2, batchSize: 1 });
    await send("a1 b1 c1");
    expect(bodies()).toEqual(["a1", "b1"]);

    invocations[0]?.end(answer());
    await send("d1");

    expect(bodies()).toEqual(["a1", "b1", "c1"]);
  });
});

describe("what an answer does", () => {
  test("what succeeded is deleted, and what follows in its group comes next", async () => {
    const { send, bodies, invocations, queue, time } = world();
    await send("a1");
    await send("a2");

    invocations[0]?.end(answer());
    await time.run(() => false, 1_000);

    expect(bodies()).toEqual(["a1", "a2"]);
    expect(queue.contents(time.now()).map(({ body }) => body)).toEqual(["a2"]);
  });

  test("what failed comes again in order after its visibility, its group with it", async () => {
    const { send, bodies, invocations, pass } = world();
    await send("a1 a2 a3 b1");
    const [first] = invocations;
    if (first === undefined) throw new Error("nothing was invoked");

    first.end(answer(idOf(first, "a2"), idOf(first, "a3")));
    await send("a4 b2");
    expect(bodies()).toEqual(["a1 a2 a3 b1", "b2"]);
    await pass(VISIBILITY);

    expect(bodies()).toContain("a2 a3 a4");
  });

  test("reporting only what failed lets what followed it be lost", async () => {
    const { send, invocations, queue, time } = world();
    await send("a1 a2");
    const [first] = invocations;
    if (first === undefined) throw new Error("nothing was invoked");

    first.end(answer(idOf(first, "a1")));

    expect(queue.contents(time.now()).map(({ body }) => body)).toEqual(["a1"]);
  });

  test.for([
    { name: "crashes", end: { kind: "crashed" } },
    { name: "times out", end: { kind: "timed-out" } },
    { name: "names a message that is not there", end: answer("unknown") },
  ] as const)("a function that $name has failed for the whole batch", async ({ end }) => {
    const { send, bodies, invocations, pass } = world();
    await send("a1 b1");

    invocations[0]?.end(end);
    await pass(VISIBILITY);

    expect(bodies()).toEqual(["a1 b1", "a1 b1"]);
    expect(invocations[1]?.records.map(({ receiveCount }) => receiveCount)).toEqual([2, 2]);
  });

  test("after as many receives as allowed it is a dead letter, and the group goes on", async () => {
    const { send, bodies, invocations, pass, deadLetterQueue, time } = world();
    await send("a1");
    for (let receive = 0; receive < 3; receive += 1) {
      invocations[receive]?.end({ kind: "crashed" });
      await pass(VISIBILITY);
    }

    await send("a2");

    expect(bodies().at(-1)).toBe("a2");
    expect(deadLetterQueue.contents(time.now()).map(({ body }) => body)).toEqual(["a1"]);
  });

  test("after errors fewer run at once, after successes more again", async () => {
    const { send, bodies, invocations } = world({ concurrencyMax: 2, batchSize: 1 });
    await send("a1 b1 c1 d1 e1");
    invocations[0]?.end({ kind: "crashed" });
    invocations[1]?.end({ kind: "crashed" });
    await send("f1");
    expect(bodies()).toEqual(["a1", "b1", "c1"]);

    invocations[2]?.end(answer());
    await send("g1");

    expect(bodies()).toEqual(["a1", "b1", "c1", "d1", "e1"]);
  });
});

describe("what goes wrong", () => {
  test("an invocation that outlives the visibility timeout meets its twin", async () => {
    const { send, bodies, invocations, pass, queue, time } = world();
    await send("a1");
    await pass(VISIBILITY);

    expect(bodies()).toEqual(["a1", "a1"]);
    invocations[0]?.end(answer());
    expect(queue.contents(time.now())).toHaveLength(1);
    invocations[1]?.end(answer());
    expect(queue.contents(time.now())).toHaveLength(0);
  });

  test("a lost receive costs a visibility timeout and a receive", async () => {
    const losses = [true];
    const { send, bodies, invocations, pass } = world({
      faults: { losesReceive: () => losses.pop() ?? false },
    });
    await send("a1");
    expect(bodies()).toEqual([]);

    await pass(VISIBILITY);

    expect(bodies()).toEqual(["a1"]);
    expect(invocations[0]?.records[0]?.receiveCount).toBe(2);
  });

  test("what succeeded and was not deleted comes again", async () => {
    const { send, bodies, invocations, pass } = world({
      faults: { losesDelete: ({ body }) => body === "a1" },
    });
    await send("a1 a2");

    invocations[0]?.end(answer());
    await pass(VISIBILITY);

    expect(bodies()).toEqual(["a1 a2", "a1"]);
  });

  test("a batch may be handed over twice, and late", async () => {
    const { send, bodies, pass } = world({
      faults: { repeats: () => true, delayMs: () => 1_000 },
    });
    await send("a1");
    expect(bodies()).toEqual([]);

    await pass(2_500);

    expect(bodies()).toEqual(["a1", "a1"]);
  });
});

test("a group's order survives whatever is answered", async () => {
  const ends = fc.array(
    fc.oneof(fc.constant("crashed" as const), fc.array(fc.nat(9), { maxLength: 4 })),
    { minLength: 1, maxLength: 8 },
  );
  const bodies = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(bodies, ends, async (groups, plan) => {
      const time = scheduler(0 as EpochMs, STEPS_MAX);
      const queue = fifoQueue({ visibilityMs: VISIBILITY });
      const begun = new Map<string, number>();
      let calls = 0;
      const source = eventSource({
        queue,
        batchSize: 4,
        concurrencyMax: 3,
        time,
        invoke(records, ended) {
          const end = calls < 40 ? plan[calls % plan.length] : [];
          calls += 1;
          const still = queue.contents(time.now());
          for (const { group, body } of records) {
            // The first that is left of a group is never behind one that has been handed over.
            const first = still.find((other) => other.group === group);
            expect(Number(first?.body)).toBeLessThanOrEqual(Number(body));
            begun.set(group, Math.max(begun.get(group) ?? 0, Number(body)));
          }
          const failed = (index: number): boolean => Array.isArray(end) && end.includes(index);
          const returned = records.filter((record, index) =>
            records.some(
              (other, earlier) =>
                earlier <= index && other.group === record.group && failed(earlier),
            ),
          );
          time.after(10, () =>
            ended(
              end === "crashed"
                ? { kind: "crashed" }
                : answer(...returned.map(({ messageId }) => messageId)),
            ),
          );
        },
      });
      for (const [index, group] of groups.entries()) {
        const body = String(index + 1);
        queue.send({ body, group, deduplicationId: body }, 0);
      }
      source.wake();
      await time.run(() => false);
      expect(queue.contents(time.now())).toEqual([]);
    }),
    { seed: 1, numRuns: 100 },
  );
});
