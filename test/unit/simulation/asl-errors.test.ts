import { describe, expect, test } from "vitest";
import { seededRng } from "#kernel/rng";
import { matchesError, type Retrier, retryDelayMs } from "#simulation/state-machine/errors";

const retrier = (fields: Partial<Retrier> = {}): Retrier => ({
  errorEquals: ["States.ALL"],
  intervalSeconds: 2,
  backoffRate: 2,
  attemptsMax: 9,
  jitter: "NONE",
  ...fields,
});

const delays = (one: Retrier, count: number): readonly number[] => {
  const rng = seededRng(1);
  return Array.from({ length: count }, (_, index) => retryDelayMs(one, index + 1, rng));
};

describe("whom an error name matches", () => {
  test.for([
    [["OutOfStock"], "OutOfStock", true],
    [["OutOfStock"], "outofstock", false],
    [["Lambda.Unknown", "Sandbox.Timedout"], "Sandbox.Timedout", true],
    [["Lambda.TooManyRequestsException"], "Lambda.Unknown", false],
    [["States.ALL"], "OutOfStock", true],
    [["States.ALL"], "States.Timeout", true],
    [["States.ALL"], "States.QueryEvaluationError", true],
    [["States.ALL"], "States.Runtime", false],
    [["States.ALL"], "States.DataLimitExceeded", false],
    [["States.Runtime"], "States.Runtime", false],
    [["States.TaskFailed"], "Lambda.Unknown", true],
    [["States.TaskFailed"], "OutOfStock", true],
    [["States.TaskFailed"], "States.Timeout", false],
    [["States.TaskFailed", "States.Timeout"], "States.Timeout", true],
    [["States.TaskFailed"], "States.Runtime", false],
  ] as const)("%j and %s: %s", ([names, error, isMatch]) => {
    expect(matchesError(names, error)).toBe(isMatch);
  });
});

describe("how long a retry waits", () => {
  test("each time the interval times the rate", () => {
    expect(delays(retrier(), 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(delays(retrier({ intervalSeconds: 3, backoffRate: 1.5 }), 3)).toEqual([
      3_000, 4_500, 6_750,
    ]);
    expect(delays(retrier({ backoffRate: 1 }), 3)).toEqual([2_000, 2_000, 2_000]);
  });

  test("never longer than its bound", () => {
    expect(delays(retrier({ delaySecondsMax: 5 }), 4)).toEqual([2_000, 4_000, 5_000, 5_000]);
  });

  test("with full jitter anything from nothing to that", () => {
    const drawn = delays(retrier({ jitter: "FULL", backoffRate: 1 }), 1_000);
    const average = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;

    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...drawn)).toBeLessThan(20);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(2_000);
    expect(Math.max(...drawn)).toBeGreaterThan(1_980);
    expect(average).toBeGreaterThan(900);
    expect(average).toBeLessThan(1_100);
  });

  test("the bound is jittered, too", () => {
    const drawn = delays(retrier({ jitter: "FULL", delaySecondsMax: 5 }), 100);

    expect(Math.max(...drawn)).toBeLessThanOrEqual(5_000);
    expect(new Set(drawn).size).toBeGreaterThan(50);
  });
});
