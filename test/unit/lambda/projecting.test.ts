// The function of a projection: what it knows of the generations, what that costs, and what it does
// for the one that is built.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GENERATION_LEASE_MS, type Generations } from "#contracts/projection";
import { Failure } from "#kernel/failure";
import { knownGenerations } from "#lambda/projection/generations";
import { lambdaContext } from "../../support/gateway-event.ts";
import { projectionWorld, streamOf } from "../../support/projection-world.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

beforeEach(() => {
  vi.stubEnv("INORDER_DEAD_LETTER_QUEUE_URL", "https://sqs.example/dead.fifo");
});
afterEach(() => void vi.unstubAllEnvs());

test("a function reads the generations once in each lease, and writes nothing for it", async () => {
  const { pay, live, generations, clock } = projectionWorld();
  const read = vi.spyOn(generations, "read");
  const replace = vi.spyOn(generations, "replace");

  for (let time = 0; time < 10; time += 1) await live(await pay(streamOf(1), 1));
  expect(read).toHaveBeenCalledTimes(1);
  clock.advance(GENERATION_LEASE_MS);
  await live(await pay(streamOf(1), 1));

  expect(read).toHaveBeenCalledTimes(2);
  expect(replace).not.toHaveBeenCalled();
});

test("who only reads begins with what is known, and serves what is in force alone", async () => {
  const { clock } = projectionWorld();
  let stored: Generations = { version: 1, live: 1, newest: 1 };
  const asked: (number | string)[] = [];
  const store = {
    read: async () => {
      asked.push("generations");
      return stored;
    },
  };
  const known = knownGenerations({ store, clock });
  const page = () =>
    known.reading(async (live) => {
      asked.push(live);
      return `page of ${live}`;
    });

  const answers = [await page(), await page()];
  clock.advance(GENERATION_LEASE_MS);
  stored = { version: 2, live: 2, newest: 2 };
  answers.push(await page());
  clock.advance(GENERATION_LEASE_MS);
  answers.push(await page());

  expect(answers).toEqual(["page of 1", "page of 1", "page of 2", "page of 2"]);
  expect(asked).toEqual(["generations", 1, 1, 1, "generations", 2, 2, "generations"]);
});

test("a read that outlasts what it began with is made again under what is in force", async () => {
  const { clock } = projectionWorld();
  let stored: Generations = { version: 1, live: 1, newest: 1 };
  const known = knownGenerations({ store: { read: async () => stored }, clock });
  const slow = (live: number) => {
    if (live === 1) {
      clock.advance(GENERATION_LEASE_MS);
      stored = { version: 2, live: 2, newest: 2 };
    }
    return Promise.resolve(live);
  };

  expect(await known.reading(slow)).toBe(2);
});

test("a function counts what it does to what is read alone", async () => {
  const { pay, live, generations, counts, sumOf } = projectionWorld();
  await generations.replace({ version: 1, live: 1, next: 2, newest: 2 });

  await live(await pay(streamOf(1), 1, 2));

  expect(await sumOf(streamOf(1), 2)).toBe(3);
  expect(Object.fromEntries(counts)).toMatchObject({ MessagesApplied: 2 });
});

test("a function gives back what it could not bring into what is built", async () => {
  const { pay, live, generations, store } = projectionWorld();
  await generations.replace({ version: 1, live: 1, next: 2, newest: 2 });
  const [one, two] = [await pay(streamOf(1), 1), await pay(streamOf(2), 1)];
  vi.spyOn(store, "read").mockImplementation(async (stream) => {
    if (stream === streamOf(1)) throw new Failure("store-throttled", "retry", "busy");
    return [];
  });

  const answer = await live({ Records: [...one.Records, ...two.Records] });

  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: `${streamOf(1)}#1` }]);
});

test("a function gives all back where it cannot know the generations", async () => {
  const { pay, live, generations } = projectionWorld();
  vi.spyOn(generations, "read").mockRejectedValue(new Failure("store-throttled", "retry", "x"));

  const answer = await live(await pay(streamOf(1), 1, 2));

  expect(answer.batchItemFailures).toHaveLength(2);
});

test("a function refuses an operator's call that is no replay", async () => {
  const { sandbox } = projectionWorld();

  const asked = sandbox()({ replay: { generation: 0 } }, lambdaContext());

  await expect(asked).rejects.toMatchObject({
    code: "invalid-request",
    action: "reject",
    details: expect.arrayContaining([
      expect.objectContaining({ pointer: "/replay/generation" }),
    ]) as unknown,
  });
});

test("what was done by generations that changed meanwhile is done again", async () => {
  const clock = steppingClock();
  let stored: Generations = { version: 1, live: 1, newest: 1 };
  const known = knownGenerations({ store: { read: async () => stored }, clock });
  const used: number[] = [];

  const answer = await known.within(async ({ live }) => {
    used.push(live);
    if (live === 1) {
      stored = { version: 2, live: 2, newest: 2 };
      clock.advance(GENERATION_LEASE_MS);
    }
    return live;
  });

  expect({ answer, used }).toEqual({ answer: 2, used: [1, 2] });
});
