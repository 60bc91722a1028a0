// What is done with the numbers of a run: goals, spreads, costs, plots.
import { expect, test } from "vitest";
import { happyTransitions, messageCost, orderCost } from "../../bench/cost/model.ts";
import { rowOf } from "../../bench/goals.ts";
import { ratios, rounds } from "../../bench/measure/rounds.ts";
import { percentile, spreadOf } from "../../bench/measure/spread.ts";
import { barPlot, linePlot } from "../../bench/report/svg.ts";
import type { BenchResult, DesignCounters } from "../../bench/result.ts";
import { missedGoal } from "../../bench/search/run.ts";

test("searches over their goal are missed, and none at all too", () => {
  const of = (kind: string, p99Ms: number) => ({ kind, searches: 300, p50Ms: 1, p99Ms });

  expect(missedGoal({ kinds: [of("hostile", 25), of("all", 20)] })).toBeUndefined();
  expect(missedGoal({ kinds: [of("words", 2), of("all", 20.1)] })).toContain("missed: p99 of 20");
  expect(missedGoal({ kinds: [of("words", 2)] })).toBeDefined();
});

test("a goal that is a ratio is held against the median of the rounds", () => {
  const rounds = { min: 0.2, median: 0.34, max: 0.9 };

  expect(rowOf(5, 10, { ours: 1, powertools: 10, rounds })).toMatchObject({
    ratio: 0.34,
    goal: "<= 0.33x",
    met: false,
  });
  expect(rowOf(5, 10, { ours: 1, powertools: 10 })).toMatchObject({ ratio: 0.1, met: true });
});

test("throughput is better when it is more, and a row without a peer has a goal of its own", () => {
  expect(rowOf(3, 10, { ours: 140, powertools: 10 })).toMatchObject({ goal: ">= 15x", met: false });
  expect(rowOf(3, 10, { ours: 150, powertools: 10 })).toMatchObject({ met: true });
  expect(rowOf(11, null, { ours: 999_999, powertools: null })).toMatchObject({
    ratio: null,
    goal: ">= 1,000,000",
    met: false,
  });
});

test("a row says what it is without a remembered head, and without the business write", () => {
  expect(rowOf(1, 1, { ours: 1, powertools: 2, uncached: 2, alone: 4 })).toMatchObject({
    uncached: { ours: 2, ratio: 1 },
    alone: { powertools: 4, ratio: 0.25 },
  });
});

test("a spread has the middle of what was measured; a percentile is by nearest rank", () => {
  expect(spreadOf([9, 1, 5])).toEqual({ min: 1, median: 5, max: 9 });
  expect(() => spreadOf([])).toThrow("at least one number");
  expect(percentile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(ratios([2, 9], [4, 3])).toEqual({ min: 0.5, median: 0.5, max: 3 });
});

test("sides take turns at being first, and the first rounds do not count", async () => {
  const order: string[] = [];
  const side = (name: string) => async (): Promise<number> => order.push(name);

  const found = await rounds({ a: side("a"), b: side("b") }, { count: 2, warmUp: 1 });

  expect(order.join("")).toBe("abbaab");
  expect(found).toEqual({ a: [4, 5], b: [3, 6] });
});

const counters = (writeUnits: number): DesignCounters => ({
  requests: 1,
  writeUnits,
  readUnits: 0.5,
  waitsPerBatch: 10,
});

const result = {
  rows: [rowOf(6, 10, { ours: 100, powertools: 1_000 })],
  designs: {
    fold: { ten: counters(0.1), one: counters(1) },
    effects: { ten: counters(2), one: counters(4) },
    powertools: { ten: counters(3), one: counters(3) },
    "powertools-outbox": { ten: counters(4), one: counters(4) },
  },
} as const satisfies Pick<BenchResult, "rows" | "designs">;

test("a million messages cost their units, requests and seconds at the table's prices", () => {
  const { items, usdPerMillion } = messageCost(result as unknown as BenchResult, "powertools", 10);
  const amounts = Object.fromEntries(items.map(({ price, amount }) => [price, amount]));

  expect(amounts).toMatchObject({ queueRequest: 0.3, invocation: 0.1, writeUnit: 3 });
  // 10 waits of 5 ms for 10 messages, and 1 ms of a processor that is 1,769/512 as slow; 0.5 GB.
  expect(amounts["gigabyteSecond"]).toBeCloseTo((0.005 + (0.001 * 1_769) / 512) / 2, 9);
  expect(usdPerMillion).toBeCloseTo(0.15 + 0.02 + 3 * 0.625 + 0.5 * 0.125 + 0.0705, 3);
});

test("an order is its messages, its request and its saga", () => {
  const message = messageCost(result as unknown as BenchResult, "fold", 10);

  const order = orderCost(message, 6);

  expect(order.usdPerMillion).toBeCloseTo(6 * message.usdPerMillion + 3.5 + 150, 9);
});

test("a result without the processor's time has no cost", () => {
  const bare = { ...result, rows: [] } as unknown as BenchResult;
  expect(() => messageCost(bare, "fold", 10)).toThrow("npm run bench");
});

test("a saga's transitions are the states of its way without trouble, and its start", () => {
  const States = {
    Begin: { Type: "Task", Next: "End" },
    End: { Type: "Task" },
    Undo: { Type: "Task", Next: "End" },
  };
  expect(happyTransitions({ StartAt: "Begin", States })).toBe(3);
});

test("plots are drawings with every name in them, escaped", () => {
  const bars = barPlot({
    title: "a < b",
    bars: [
      { name: "one & two", value: 0.1, goal: 0.2, label: "0.1x" },
      { name: "three", value: 2, goal: 0.5, label: "2x" },
    ],
  });
  const lines = linePlot({
    title: "grown",
    xName: "x",
    yName: "y",
    series: [
      {
        name: "ours",
        points: [
          [1, 1],
          [1_000_000, 2],
        ],
      },
    ],
  });

  expect(bars).toContain("<title>a &lt; b</title>");
  expect(bars).toContain("one &amp; two");
  expect(lines).toContain(">1,000,000<");
  expect(`${bars}${lines}`).not.toContain("NaN");
});
