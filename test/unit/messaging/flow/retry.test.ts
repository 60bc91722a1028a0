// What is repeated, how often, and what that costs a dependency that is down.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { seededRng } from "#kernel/rng";
import { type EpochMs, later, milliseconds } from "#kernel/units";
import { retry, retryBudget, type RetryEvent, type RetryOptions } from "#messaging/flow/index";
import { steppingClock } from "../../../support/stepping-clock.ts";

const passing = new Failure("store-throttled", "retry", "too busy");
const lasting = new Failure("invalid-request", "reject", "never");

const plenty = () => retryBudget({ savedMax: 100, savedAtStart: 100 });

function surroundings(over: Partial<RetryOptions> = {}) {
  const events: RetryEvent[] = [];
  const clock = steppingClock();
  const options: RetryOptions = {
    clock,
    random: () => 0.5,
    budget: plenty(),
    observe: (event) => events.push(event),
    ...over,
  };
  return { clock, events, options };
}

/** Fails with each error in turn, then answers. */
function failing(...errors: readonly Error[]) {
  const attempts: number[] = [];
  const call = async (attempt: number): Promise<string> => {
    attempts.push(attempt);
    const error = errors[attempt - 1];
    if (error !== undefined) throw error;
    return "done";
  };
  return { attempts, call };
}

const alwaysFailing = () => failing(...Array.from({ length: 100 }, () => passing));

test("a call that succeeds is made once, without a pause", async () => {
  const { clock, events, options } = surroundings();
  const { attempts, call } = failing();

  expect(await retry(call, options)).toBe("done");

  expect(attempts).toEqual([1]);
  expect(clock.slept).toEqual([]);
  expect(events).toEqual([]);
});

test("a failure that may pass is repeated after a pause that grows", async () => {
  const { clock, events, options } = surroundings({
    settings: { attemptsMax: 5, firstPauseMs: 100, longestPauseMs: 300 },
  });
  const { attempts, call } = failing(passing, passing, passing, passing);

  expect(await retry(call, options)).toBe("done");

  expect(attempts).toEqual([1, 2, 3, 4, 5]);
  expect(clock.slept).toEqual([50, 100, 150, 150]);
  expect(events).toEqual([
    { kind: "repeated", attempt: 2, pauseMs: 50 },
    { kind: "repeated", attempt: 3, pauseMs: 100 },
    { kind: "repeated", attempt: 4, pauseMs: 150 },
    { kind: "repeated", attempt: 5, pauseMs: 150 },
  ]);
});

test("pauses are spread over the whole range, from none to the longest", async () => {
  const rng = seededRng(7);
  const { clock, options } = surroundings({
    random: () => rng.next(),
    budget: retryBudget({ share: 1 }),
    settings: { attemptsMax: 2, firstPauseMs: 100 },
  });

  for (let index = 0; index < 500; index += 1) await retry(failing(passing).call, options);

  expect(clock.slept).toHaveLength(500);
  expect(Math.min(...clock.slept)).toBeLessThan(5);
  expect(Math.max(...clock.slept)).toBeGreaterThan(95);
  expect(Math.max(...clock.slept)).toBeLessThan(100);
});

test.for([
  ["a failure that lasts", lasting],
  ["one that halts a stream", new Failure("unexpected", "halt", "never")],
  ["an error that says nothing of itself", new Error("who knows")],
] as const)("%s is not repeated", async ([, error]) => {
  const { events, options } = surroundings();
  const { attempts, call } = failing(error);

  await expect(retry(call, options)).rejects.toBe(error);

  expect(attempts).toEqual([1]);
  expect(events).toEqual([{ kind: "given-up", attempt: 1, why: "not-retryable" }]);
});

test("attempts are bounded, and the last error is told as it is", async () => {
  const { events, options } = surroundings();
  const { attempts, call } = alwaysFailing();

  await expect(retry(call, options)).rejects.toBe(passing);

  expect(attempts).toEqual([1, 2, 3]);
  expect(events.at(-1)).toEqual({ kind: "given-up", attempt: 3, why: "attempts-used-up" });
});

test("no attempt begins at or after the deadline", async () => {
  const { clock, events, options } = surroundings({ settings: { attemptsMax: 9 } });
  const begun: number[] = [];
  const deadline = later(clock.now(), milliseconds(75));
  const call = async (): Promise<never> => {
    begun.push(clock.now());
    throw passing;
  };

  await expect(retry(call, { ...options, deadline })).rejects.toBe(passing);

  // Pauses of 25, 50: the second would end at the deadline.
  expect(begun).toHaveLength(2);
  expect(begun.every((at) => at < deadline)).toBe(true);
  expect(events.at(-1)).toMatchObject({ why: "deadline-near" });
});

test("an attempt that outlasts the deadline is not repeated", async () => {
  const { clock, options } = surroundings();
  const deadline = (clock.now() + 1_000) as EpochMs;
  let attempts = 0;
  const slow = async (): Promise<never> => {
    attempts += 1;
    clock.advance(2_000);
    throw passing;
  };

  await expect(retry(slow, { ...options, deadline })).rejects.toBe(passing);

  expect(attempts).toBe(1);
});

test.for([1, 2, 5, 9, 10, 99, 1_000])(
  "of a dependency that is down, %i calls become at most 1.2 times as many",
  async (calls) => {
    const { options } = surroundings({ budget: retryBudget() });
    let attempts = 0;
    const down = async (): Promise<never> => {
      attempts += 1;
      throw passing;
    };

    for (let index = 0; index < calls; index += 1) {
      await expect(retry(down, options)).rejects.toBe(passing);
    }

    expect(attempts).toBe(calls + Math.floor(calls / 10));
    expect(attempts).toBeLessThanOrEqual(1.2 * calls);
  },
);

test("calls in flight together share the budget", async () => {
  const { options } = surroundings({ budget: retryBudget() });
  let attempts = 0;
  const down = async (): Promise<never> => {
    attempts += 1;
    throw passing;
  };

  await Promise.allSettled(Array.from({ length: 200 }, () => retry(down, options)));

  expect(attempts).toBeGreaterThan(200);
  expect(attempts).toBeLessThanOrEqual(1.2 * 200);
});

test("what healthy times saved is spent once: 100 calls are at most 1.2 times that", async () => {
  const { options } = surroundings({ budget: retryBudget() });
  for (let index = 0; index < 10_000; index += 1) await retry(failing().call, options);
  let attempts = 0;
  const down = async (): Promise<never> => {
    attempts += 1;
    throw passing;
  };

  for (let index = 0; index < 100; index += 1) {
    await expect(retry(down, options)).rejects.toBe(passing);
  }

  // The first payment into a full budget overflows.
  expect(attempts).toBe(119);
});

test("without a token the first failure is the answer, and says why", async () => {
  const { events, options } = surroundings({ budget: retryBudget() });

  await expect(retry(alwaysFailing().call, options)).rejects.toBe(passing);

  expect(events).toEqual([{ kind: "given-up", attempt: 1, why: "budget-empty" }]);
});

test("tokens for the start are what a new sandbox has for its first calls", async () => {
  const { options } = surroundings({ budget: retryBudget({ savedAtStart: 2 }) });
  const { attempts, call } = failing(passing, passing);

  expect(await retry(call, options)).toBe("done");

  expect(attempts).toEqual([1, 2, 3]);
});

test("wrong settings are told all at once", () => {
  expect(() => retryBudget({ share: 2, savedMax: 0.5 })).toThrow(
    "Settings of a retry budget: share must be a number from 0 to 1; received 2; " +
      "savedMax must be an integer from 1 to 1000; received 0.5.",
  );
});

test("a setting that does not exist is told, with those that do", async () => {
  const { options } = surroundings();
  const settings = { attempts: 3 } as Partial<{ attemptsMax: number }>;

  await expect(retry(failing().call, { ...options, settings })).rejects.toMatchObject({
    code: "misconfigured",
    details: [{ pointer: "/attempts", detail: expect.stringContaining("attemptsMax") as string }],
  });
});
