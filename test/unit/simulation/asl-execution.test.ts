import { expect, test } from "vitest";
import { MIDNIGHT, run, succeeded, task } from "../../support/state-machine-run.ts";

const output = (value: string) => ({ Output: `{% ${value} %}` });

test("a task gives its arguments and takes its result", async () => {
  const states = {
    Work: task({
      Arguments: { id: "{% $states.input.id %}", list: ["{% 1 + 1 %}", "as it is"] },
      Assign: { kept: "{% $states.result.amount %}" },
      Next: "End",
    }),
    End: { Type: "Succeed", Output: { amount: "{% $kept %}", input: "{% $states.input %}" } },
  };

  const { end, calls } = await run(states, () => succeeded({ amount: 7 }), { id: "a" });

  expect(calls).toMatchObject([{ state: "Work", input: { id: "a", list: [2, "as it is"] } }]);
  const amount = 7;
  expect(end).toEqual({ status: "SUCCEEDED", output: { amount, input: { amount } } });
});

test("a task without arguments gets the state's input; its output is its result", async () => {
  const { end, calls } = await run({ Work: task() }, () => succeeded([1]), { id: "a" });

  expect(calls[0]?.input).toEqual({ id: "a" });
  expect(end).toEqual({ status: "SUCCEEDED", output: [1] });
});

test("output and variables see what stood before both", async () => {
  const states = {
    One: { Type: "Pass", Assign: { n: 1 }, Next: "Two" },
    Two: { Type: "Pass", Assign: { n: "{% $n + 1 %}" }, ...output("$n"), Next: "Three" },
    Three: { Type: "Pass", Output: ["{% $states.input %}", "{% $n %}"], End: true },
  };

  expect((await run(states)).end).toEqual({ status: "SUCCEEDED", output: [1, 2] });
});

test("a list of one stays a list, and nothing is shared between states", async () => {
  const states = {
    One: { Type: "Pass", Assign: { lines: "{% $states.input.lines %}" }, Next: "Two" },
    Two: task({ Arguments: { lines: "{% $lines %}" } }),
  };
  const input = { lines: [{ sku: "chair" }] };

  const { calls } = await run(states, undefined, input);
  const [given] = calls.map((call) => call.input as typeof input);

  expect(given).toEqual(input);
  expect(given?.lines).not.toBe(input.lines);
});

test.for([
  ["an expression without a value", "{% $states.input.missing %}", "returned nothing"],
  ["a JSON text that is none", "{% $parse('{') %}", "cannot be evaluated"],
  ["a function as a value", "{% $sum %}", "returned nothing"],
  ["a variable that is not assigned yet", "{% $later %}", "has not been assigned"],
] as const)("%s fails an execution", async ([, expression, why]) => {
  const states = {
    One: { Type: "Pass", Output: expression, Next: "Two" },
    Two: { Type: "Pass", Assign: { later: 1 }, End: true },
  };

  const { end } = await run(states);

  expect(end).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  expect(end).toHaveProperty("cause", expect.stringContaining(why));
});

test.for([
  [5, "high"],
  [1, "low"],
  [3, "else"],
] as const)("a choice with %i leads to %s", async ([value, expected]) => {
  const leaf = { Type: "Succeed", ...output("$way") };
  const states = {
    Choose: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input.n > 4 %}", Assign: { way: "high" }, Next: "End" },
        { Condition: "{% $states.input.n < 2 %}", Assign: { way: "low" }, Next: "End" },
      ],
      Default: "End",
      Assign: { way: "else" },
    },
    End: leaf,
  };

  const { end } = await run(states, undefined, { n: value });

  expect(end).toEqual({ status: "SUCCEEDED", output: expected });
});

test("a choice that nothing matches, and one that is neither true nor false, fail", async () => {
  const choose = (Condition: string) => ({
    Choose: { Type: "Choice", Choices: [{ Condition, Next: "End" }] },
    End: { Type: "Succeed" },
  });

  const none = await run(choose("{% false %}"));
  const neither = await run(choose("{% 1 %}"));

  expect(none.end).toMatchObject({ error: "States.NoChoiceMatched" });
  expect(neither.end).toMatchObject({ error: "States.QueryEvaluationError" });
});

test.for([
  [{ Seconds: 90 }, 90_000],
  [{ Seconds: "{% $states.input.wait * 2 %}" }, 14_000],
  [{ Timestamp: "2026-01-01T01:00:00Z" }, 3_600_000],
  [{ Timestamp: "2025-01-01T00:00:00Z" }, 0],
] as const)("a wait of %j takes %i ms", async ([until, virtualMs]) => {
  const states = { Wait: { Type: "Wait", ...until, Next: "End" }, End: { Type: "Succeed" } };

  const ran = await run(states, undefined, { wait: 7 });

  expect(ran.virtualMs).toBe(virtualMs);
  expect(ran.end).toEqual({ status: "SUCCEEDED", output: { wait: 7 } });
});

test.for([{ Seconds: "{% 'long' %}" }, { Seconds: -1 }, { Timestamp: "tomorrow" }])(
  "a wait of %j fails",
  async (until) => {
    const { end } = await run({ Wait: { Type: "Wait", ...until, End: true } });

    expect(end).toMatchObject({ error: "States.QueryEvaluationError" });
  },
);

test("the context says which execution and which state, and since when", async () => {
  const states = {
    Wait: { Type: "Wait", Seconds: 60, Next: "End" },
    End: { Type: "Succeed", ...output("$states.context") },
  };

  const { end } = await run(states, undefined, { id: "a" });

  expect(end).toMatchObject({
    output: {
      Execution: { Name: "run-1", Input: { id: "a" }, StartTime: "2026-01-01T00:00:00.000Z" },
      State: { Name: "End", EnteredTime: "2026-01-01T00:01:00.000Z", RetryCount: 0 },
    },
  });
  expect(MIDNIGHT).toBe(Date.parse("2026-01-01T00:00:00Z"));
});

test("an execution that never ends is ended by its history", async () => {
  const states = { Around: { Type: "Pass", Next: "Around" } };

  const { end } = await run(states);

  expect(end).toMatchObject({ status: "FAILED", error: "States.Runtime" });
});
