// A projection made anew beside the one that is read: every step may die, live events go on, and
// the new generation is what the events say.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GENERATION_LEASE_MS } from "#contracts/projection";
import { abandonRebuild, rebuildProjection } from "#lambda/projection/rebuild";
import { CALL_MS_MAX, POISON, projectionWorld, streamOf } from "../../support/projection-world.ts";

beforeEach(() => {
  vi.stubEnv("INORDER_DEAD_LETTER_QUEUE_URL", "https://sqs.example/dead.fifo");
});
afterEach(() => void vi.unstubAllEnvs());

const NEW_STREAMS = 4;
const DURABLE = { batchItemFailures: [] };

test("a rebuild makes every stream anew and takes the place of what is read", async () => {
  const { pay, live, ports, sumOf, generations, heads } = projectionWorld();
  for (const index of [1, 2, 3, 4, 5]) await live(await pay(streamOf(index), index, 10));
  const damaged = (await heads(1).read(streamOf(3))) ?? { version: 0 };
  await heads(1).commit({
    head: {
      ...(damaged as NonNullable<Awaited<ReturnType<ReturnType<typeof heads>["read"]>>>),
      version: damaged.version + 1,
      attemptId: "x",
      state: 99,
    },
    writes: [],
  });

  const rebuilt = await rebuildProjection(ports());

  expect(rebuilt).toEqual({ generation: 2, streams: 5, isContinued: false });
  for (const index of [1, 2, 3, 4, 5]) {
    expect(await sumOf(streamOf(index), 2)).toBe(index + 10);
    expect(await sumOf(streamOf(index), 1)).toBeUndefined();
  }
  expect(await generations.read()).toMatchObject({ live: 2, newest: 2 });
  expect(await generations.read()).not.toHaveProperty("leftover");
});

test("an event that comes at any moment of a rebuild is in it once", async () => {
  const { pay, live, ports, sumOf } = projectionWorld();
  const streams = [1, 2, 3].map(streamOf);
  for (const stream of streams) await live(await pay(stream, 1));
  const paid = new Map(streams.map((stream) => [stream, 1]));
  // Between any two steps one more event of each stream, and a stream that is new.
  let steps = 0;
  const step = async (): Promise<void> => {
    steps += 1;
    const stream = `${"0".repeat(24)}${10 + steps}`;
    // Some come before the walk is there, some behind it; not for ever, or it would never end.
    for (const some of steps <= NEW_STREAMS ? [...streams, stream] : streams) {
      expect(await live(await pay(some, 1))).toEqual(DURABLE);
      paid.set(some, (paid.get(some) ?? 0) + 1);
    }
  };
  const plain = ports();
  const between = ports({
    replay: async (generation, some) => {
      await step();
      const answer = await plain.replay(generation, some);
      await step();
      return answer;
    },
    generations: {
      read: () => plain.generations.read(),
      replace: async (next) => {
        await step();
        const isDone = await plain.generations.replace(next);
        await step();
        return isDone;
      },
    },
    clock: {
      ...plain.clock,
      sleep: async (lasting) => {
        await step();
        await plain.clock.sleep(lasting);
      },
    },
  });

  await rebuildProjection(between);

  for (const [stream, sum] of paid) expect([stream, await sumOf(stream, 2)]).toEqual([stream, sum]);
  expect(steps).toBeGreaterThan(10);
});

// The announcement, three pages and what is kept of two, the switch; then the removal is left.
test.each([
  [1, 2],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 2],
  [6, 2],
  [7, 2],
  [8, 3],
  [9, 3],
])("a rebuild that dies at its step %i is gone on with", async (diesAt, newest) => {
  const { pay, live, ports, sumOf, generations } = projectionWorld();
  const streams = [1, 2, 3, 4, 5].map(streamOf);
  for (const stream of streams) await live(await pay(stream, 7));
  let calls = 0;
  const dies = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    calls += 1;
    if (calls === diesAt) throw new Error("killed");
    return work();
  };
  const plain = ports();
  const mortal = ports({
    walk: { page: (after) => dies(() => plain.walk.page(after)) },
    leftovers: { drop: (kept) => dies(() => plain.leftovers.drop(kept)) },
    generations: { ...generations, replace: (next) => dies(() => generations.replace(next)) },
  });

  await expect(rebuildProjection(mortal)).rejects.toThrow("killed");
  await live(await pay(streamOf(1), 1));
  expect(await sumOf(streamOf(1), (await generations.read()).live)).toBe(8);
  const asked: (string | undefined)[] = [];
  const { walked } = await generations.read();
  const { generation } = await rebuildProjection(
    ports({ walk: { page: (after) => (asked.push(after), plain.walk.page(after)) } }),
  );

  expect(asked[0]).toBe(walked);
  expect(generation).toBe(newest);
  expect(await Promise.all(streams.map((stream) => sumOf(stream, generation)))).toEqual([
    8, 7, 7, 7, 7,
  ]);
  expect(await generations.read()).toMatchObject({ live: newest, newest });
  for (const old of [1, 2].filter((one) => one !== newest)) {
    expect(await sumOf(streamOf(1), old)).toBeUndefined();
  }
});

test("a rebuild of a stream that it cannot apply changes nothing, and names it", async () => {
  const { pay, live, ports, generations, sumOf } = projectionWorld({ poison: streamOf(2) });
  await live(await pay(streamOf(1), 1));
  await pay(streamOf(2), 1);

  await expect(rebuildProjection(ports())).rejects.toThrow(
    `1 streams have an event that this projection cannot apply; the first is ${streamOf(2)}: no`,
  );
  expect(await sumOf(streamOf(1), 1)).toBe(1);
  expect(await generations.read()).toMatchObject({ live: 1, leftover: true });

  expect(await abandonRebuild(ports())).toBe(true);
  expect(await abandonRebuild(ports())).toBe(false);
  expect(await sumOf(streamOf(1), 2)).toBeUndefined();
  expect(await sumOf(streamOf(1), 1)).toBe(1);
  expect(await generations.read()).toMatchObject({ live: 1, newest: 2 });
});

test("a rebuild that is run again with repaired code begins anew and ends", async () => {
  const { code, pay, live, ports, generations, sumOf } = projectionWorld({ poison: streamOf(3) });
  const streams = [1, 2, 3].map(streamOf);
  for (const stream of streams) await live(await pay(stream, 7));
  await expect(rebuildProjection(ports())).rejects.toThrow("cannot apply");

  code.poison = "";
  const rebuilt = await rebuildProjection(ports());

  expect(rebuilt).toEqual({ generation: 3, streams: 3, isContinued: false });
  expect(await Promise.all(streams.map((stream) => sumOf(stream, 3)))).toEqual([7, 7, 7]);
  expect(await generations.read()).toMatchObject({ live: 3, newest: 3 });
});

test("what was left out of what is read is left out of what is built as well", async () => {
  const { pay, live, ports, leaveOut, sumOf, heads } = projectionWorld();
  const [stream, other] = [streamOf(1), streamOf(2)];
  await live(await pay(stream, 1, POISON, 2, POISON, 4));
  await live(await pay(other, 1));
  await expect(rebuildProjection(ports())).rejects.toThrow(
    "or leave it out of what is read (npm run resolve)",
  );
  await leaveOut(stream, 2);
  await expect(rebuildProjection(ports())).rejects.toThrow(`the first is ${stream}: no amount`);
  await leaveOut(stream, 4);
  await live(await pay(stream, 8));

  const { generation } = await rebuildProjection(ports());
  const again = await rebuildProjection(ports());

  expect([await sumOf(stream, 5), generation, again.generation]).toEqual([15, 4, 5]);
  expect((await heads(5).read(stream))?.skipped).toEqual([
    { from: 2, to: 2 },
    { from: 4, to: 4 },
  ]);
});

test("a rebuild that somebody else goes on with at the same time is left to him", async () => {
  const { ports, generations } = projectionWorld();
  const other = { read: () => generations.read(), replace: () => Promise.resolve(false) };

  await expect(rebuildProjection(ports({ generations: other }))).rejects.toThrow("Somebody else");
});

test("a removal that takes long leaves what somebody else has built meanwhile", async () => {
  const { pay, live, ports, sumOf, generations } = projectionWorld();
  await live(await pay(streamOf(1), 7));
  const plain = ports();
  const slow = ports({
    leftovers: {
      drop: async (kept) => {
        await rebuildProjection(plain);
        return await plain.leftovers.drop(kept);
      },
    },
  });

  await expect(rebuildProjection(slow)).rejects.toThrow("Somebody else");

  expect(await generations.read()).toMatchObject({ live: 3, newest: 3 });
  expect(await sumOf(streamOf(1), 3)).toBe(7);
});

test("a rebuild ends where a stream can never be brought up, with its cause", async () => {
  const { pay, ports } = projectionWorld();
  await pay(streamOf(1), 1);
  const behind = { behind: [{ stream: streamOf(1), cause: "throttled" }], halted: [] };
  let rounds = 0;
  const replay = async () => {
    rounds += 1;
    // A call that fails is a round like any other.
    if (rounds < 20) throw new Error("timed out");
    return behind;
  };

  await expect(rebuildProjection(ports({ replay }))).rejects.toThrow(/is 0+1: throttled/);
  expect(rounds).toBe(20);
});

test("a rebuild waits for what goes by the old state, and for its last write", async () => {
  const { pay, live, ports, clock } = projectionWorld();
  await live(await pay(streamOf(1), 1));
  const slept: number[] = [];
  const watching = ports({
    clock: {
      ...clock,
      sleep: async (lasting) => {
        slept.push(lasting);
        await clock.sleep(lasting);
      },
    },
  });

  await rebuildProjection(watching);

  const [announced = 0, switched = 0, ...more] = slept;
  expect(more).toEqual([]);
  expect(announced).toBeGreaterThan(GENERATION_LEASE_MS);
  // What it began under the old state, a batch ends with its function's time.
  expect(switched).toBeGreaterThan(GENERATION_LEASE_MS + CALL_MS_MAX);
});
