/**
 * Stock Powertools in the simulator: what it keeps, what it breaks, and that the library keeps all
 * of it under the same schedules.
 */
import { describe, expect, test } from "vitest";
import { compare } from "./powertools/compare.ts";
import { type Directed, perform } from "./powertools/directed.ts";
import { holds, updated } from "#simulation/expressions";
import { holes, strengths } from "./powertools/holes.ts";
import { RULES } from "./powertools/rules.ts";
import {
  JUDGED_FAULTS,
  powertoolsScenario,
  runPowertools,
  UNPROMISED_FAULTS,
} from "./powertools/scenario.ts";
import { withVirtualDate } from "./powertools/virtual-date.ts";

const SEEDS = { from: 0, count: 12 };
const UNBROKEN = Object.fromEntries(RULES.map((rule) => [rule, { schedules: 0 }]));
/** Of the schedules that are written by hand. */
const VISIBILITY_MS = 12_000;

describe("what it keeps", () => {
  test("without faults it breaks nothing, and no more do we", async () => {
    const [row] = await compare({ from: 0, count: 40 }, [undefined]);

    expect(row?.ours.any).toEqual({ schedules: 0 });
    expect(row?.powertools).toMatchObject(UNBROKEN);
  });

  test.each([
    "racing-twin",
    "duplicate-send",
    "partial-send",
    "lost-receive",
    "lost-delete",
    "lost-invocation-answer",
    "late-batch",
    "outside-write",
    "hot-stream",
  ])("%s alone breaks nothing", async (fault) => {
    const [row] = await compare(SEEDS, [fault]);

    expect(row?.powertools.fired).toBeGreaterThan(0);
    expect(row?.powertools).toMatchObject(UNBROKEN);
  });

  test("a group waits for its failed message, and others do not wait for it", async () => {
    const { applied, appliedAtMs, deadLettered } = await perform(
      strengths.briefFailure,
      "powertools",
    );

    expect(applied).toEqual(strengths.briefFailure.right);
    expect(deadLettered).toEqual([]);
    expect(appliedAtMs["s0#1"]).toBeGreaterThan(VISIBILITY_MS);
    expect(appliedAtMs["s1#1"]).toBeLessThan(VISIBILITY_MS);
  });

  test("duplicates within the hour are answered with the stored result", async () => {
    const { applied, events } = await perform(strengths.duplicates, "powertools");

    expect(applied).toEqual(strengths.duplicates.right);
    expect(events.filter((event) => event === "result-replayed")).toHaveLength(3);
  });

  test("an id that comes again with another payload is refused", async () => {
    const { applied, deadLettered } = await perform(strengths.changedPayload, "powertools");

    expect(applied).toEqual(strengths.changedPayload.right);
    expect(deadLettered).toEqual(["s0#1"]);
  });
});

describe("its published holes", () => {
  const holdsForUs = async (directed: Directed): Promise<void> => {
    const { applied, deadLettered } = await perform(directed, "ours");
    expect(applied).toEqual(directed.right);
    expect(deadLettered).toEqual(directed === holes.oneHourWindow ? ["s0#1"] : []);
  };

  test("unfenced update: a zombie applies again and completes the newer run's record", async () => {
    const { applied, events } = await perform(holes.zombieCompletion, "powertools");

    expect(applied).toEqual({ s0: [1, 1, 2] });
    expect(events.slice(0, 4)).toEqual([
      "lock-taken",
      "lock-taken-over",
      "completed",
      "completed-by-stranger",
    ]);
    await holdsForUs(holes.zombieCompletion);
  });

  test("unfenced delete: a zombie's failure makes a completed message apply again", async () => {
    const { applied, events } = await perform(holes.unfencedDelete, "powertools");

    expect(applied).toEqual({ s0: [1, 1, 2] });
    expect(events.slice(0, 5)).toEqual([
      "lock-taken",
      "lock-taken-over",
      "completed",
      "released-by-stranger",
      "lock-taken",
    ]);
    await holdsForUs(holes.unfencedDelete);
  });

  test("one-hour window: what is redriven later is applied again, out of order", async () => {
    const { applied, events } = await perform(holes.oneHourWindow, "powertools");

    expect(applied).toEqual({ s0: [1, 2, 1] });
    expect(events).toContain("record-outlived");
    await holdsForUs(holes.oneHourWindow);
  });

  test("group failure: what was never tried is dead-lettered, what follows overtakes", async () => {
    const { applied, deadLettered, refusals } = await perform(holes.groupFailure, "powertools");

    expect(deadLettered).toEqual(["s0#1", "s0#2", "s0#3"]);
    // Only the first was tried, three times.
    expect(refusals).toBe(3);
    expect(applied).toEqual({ s0: [4, 1, 2, 3], s1: [1] });
    await holdsForUs(holes.groupFailure);
  });

  test("by default a failing message takes the other groups with it", async () => {
    const { deadLettered } = await perform(holes.neighbourFailure, "powertools");
    const { appliedAtMs } = await perform(holes.neighbourFailure, "ours");

    expect(deadLettered).toEqual(["s0#1", "s0#2", "s0#3", "s1#1"]);
    expect(appliedAtMs["s1#1"]).toBeLessThan(VISIBILITY_MS);
    await holdsForUs(holes.neighbourFailure);
  });

  test("with the key of the documentation's sample, a repeated send is applied again", async () => {
    const { applied } = await perform(holes.sampleKey, "powertools");

    expect(applied).toEqual({ s0: [1, 1] });
    await holdsForUs(holes.sampleKey);
  });
});

describe("side by side, seed for seed", () => {
  test.each([
    ["kill", "once"],
    ["pause", "once"],
    ["lost-answer", "once"],
    ["late-write", "once"],
    ["permanent-poison", "order"],
  ] as const)("%s alone breaks %s, and nothing of ours", async (fault, rule) => {
    const [row] = await compare(SEEDS, [fault]);

    expect(row?.powertools[rule].schedules).toBeGreaterThan(0);
    expect(row?.ours.fired).toBeGreaterThan(0);
    expect(row?.ours.any).toEqual({ schedules: 0 });
  });

  test("it loses nothing", async () => {
    const rows = await compare({ from: 0, count: 4 }, JUDGED_FAULTS);

    expect(rows.map(({ powertools }) => powertools.kept)).toEqual(
      rows.map(() => ({ schedules: 0 })),
    );
  });

  test("what is sent out of order is applied so, as nobody promised otherwise", async () => {
    const rows = await compare(SEEDS, UNPROMISED_FAULTS);
    const broken = rows.filter(({ powertools }) => powertools.order.schedules > 0);

    expect(broken.map(({ fault }) => fault)).toEqual(
      expect.arrayContaining(["reorder", "late-send", "rival-sender"]),
    );
    expect(rows.map(({ ours }) => ours.any)).toEqual(rows.map(() => ({ schedules: 0 })));
  });
});

describe("the scenario", () => {
  test("a seed is the same schedule each time, and its breach has a trace", async () => {
    const schedule = { seed: 0, faults: ["kill"] };
    const once = await powertoolsScenario.run(schedule);

    expect(await powertoolsScenario.run(schedule)).toEqual(once);
    expect(once.breach?.invariant).toBe(2);
    expect(once.trace.length).toBeGreaterThan(0);
  });

  test("it has the traffic of ours", async () => {
    const schedule = { seed: 7, faults: ["duplicate-send", "partial-send"] };
    const { result } = await runPowertools(schedule, () => undefined);
    const { messagingScenario } = await import("./messaging-scenario.ts");
    const ours = await messagingScenario.run(schedule);

    expect(result.fired).toEqual(ours.fired);
    expect(result.applied).toBe(ours.applied);
  });

  test("the swarm draws from the faults that it is judged under", async () => {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 12; seed += 1) {
      for (const fault of (await powertoolsScenario.run({ seed })).faults) drawn.add(fault);
    }

    expect([...drawn].sort()).toEqual([...JUDGED_FAULTS].sort());
  });

  test("the system's clock is the right one again afterwards", async () => {
    const before = Date;
    await withVirtualDate(() => Promise.resolve());

    expect(Date).toBe(before);
  });
});

describe("its table", () => {
  const placeholders = {
    names: { "#a": "a", "#b": "b" },
    values: { ":one": { N: "1" }, ":x": { S: "x" } },
  };

  test.each([
    ["attribute_not_exists(#a)", {}, true],
    ["attribute_not_exists(#a)", { a: { N: "1" } }, false],
    ["#a < :one", { a: { N: "0.5" } }, true],
    ["#a < :one", {}, false],
    ["#b = :x AND attribute_exists(#a)", { b: { S: "x" } }, false],
    ["attribute_exists(#a) OR (#b = :x AND #a < :one)", { a: { N: "2" } }, true],
    [
      "attribute_not_exists(#b) OR (#b = :x AND #a < :one)",
      { a: { N: "2" }, b: { S: "x" } },
      false,
    ],
  ])("%s with %o is %s", (expression, item, expected) => {
    expect(holds(expression, item, placeholders)).toBe(expected);
  });

  test("SET gives new values and keeps the others", () => {
    expect(updated("SET #a = :one", { b: { S: "y" } }, placeholders)).toEqual({
      a: { N: "1" },
      b: { S: "y" },
    });
  });

  test("what it does not know it refuses", () => {
    expect(() => holds("begins_with(#a, :x)", {}, placeholders)).toThrow("does not read");
    expect(() => updated("DELETE #a :x", {}, placeholders)).toThrow("does not read");
  });
});
