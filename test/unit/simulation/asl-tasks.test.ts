import { expect, test } from "vitest";
import { failed, run, succeeded, task } from "../../support/state-machine-run.ts";

const output = (value: string) => ({ Output: `{% ${value} %}` });

test("an error is retried as its retrier says, then caught", async () => {
  const states = {
    Work: task({
      Retry: [{ ErrorEquals: ["Odd"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "End", ...output("$states.errorOutput") }],
      ...output('"not this one"'),
    }),
    End: { Type: "Succeed" },
  };

  const { end, calls, events } = await run(states, () => failed("Odd", "why"));

  expect(calls.map(({ atMs }) => atMs)).toEqual([0, 2_000, 8_000, 26_000]);
  expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  expect(end).toEqual({ status: "SUCCEEDED", output: { Error: "Odd", Cause: "why" } });
  const retried = ["failed", "retried"];
  expect(events.map(({ kind }) => kind)).toEqual(
    ["entered", retried, retried, retried, "failed", "caught", "entered"].flat(),
  );
});

test("the first retrier that matches counts, each for itself", async () => {
  const states = {
    Work: task({
      Retry: [
        { ErrorEquals: ["Odd"], MaxAttempts: 1 },
        { ErrorEquals: ["Even"], MaxAttempts: 2 },
        { ErrorEquals: ["States.ALL"], MaxAttempts: 5 },
      ],
    }),
  };
  const script = ["Even", "Odd", "Even", "Odd"];

  const { end, calls } = await run(states, (number) => failed(script[number - 1] ?? ""));

  expect(calls).toHaveLength(4);
  expect(end).toEqual({ status: "FAILED", error: "Odd", cause: "" });
});

test("no retries at all keep an error from the retriers behind", async () => {
  const states = {
    Work: task({
      Retry: [{ ErrorEquals: ["Odd"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }],
    }),
  };

  const { calls } = await run(states, () => failed("Odd"));

  expect(calls).toHaveLength(1);
});

test("retries are counted anew when a state is entered again", async () => {
  const states = {
    Work: task({
      Retry: [{ ErrorEquals: ["Odd"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["Odd"], Next: "Work" }],
    }),
  };

  const { calls } = await run(states, (number) => (number > 5 ? succeeded(1) : failed("Odd")));

  expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2, 1, 2]);
});

test("a task that does not answer in time fails with States.Timeout, and is retried", async () => {
  const states = {
    Work: task({
      TimeoutSeconds: 5,
      Retry: [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.Timeout"], Next: "End" }],
    }),
    End: { Type: "Succeed", ...output("$states.input.Error") },
  };

  const { end, calls, virtualMs } = await run(states, () => undefined);

  expect(calls.map(({ atMs }) => atMs)).toEqual([0, 6_000]);
  expect(virtualMs).toBe(11_000);
  expect(end).toEqual({ status: "SUCCEEDED", output: "States.Timeout" });
});

test("an answer after its state has timed out is lost, also to the next attempt", async () => {
  const retry = { ErrorEquals: ["States.Timeout"], IntervalSeconds: 1, MaxAttempts: 1 };
  const states = { Work: task({ TimeoutSeconds: 5, Retry: [retry] }) };
  const late = { ...succeeded("late"), afterMs: 7_000 };
  const timely = { ...succeeded("timely"), afterMs: 4_000 };

  const { end, virtualMs } = await run(states, (number) => (number === 1 ? late : timely));

  expect(end).toEqual({ status: "SUCCEEDED", output: "timely" });
  expect(virtualMs).toBe(10_000);
});

test("States.TaskFailed catches what a function fails with, and no timeout", async () => {
  const catches = { ErrorEquals: ["States.TaskFailed"], Next: "End" };
  const states = { Work: task({ TimeoutSeconds: 1, Catch: [catches] }), End: { Type: "Succeed" } };

  expect((await run(states, () => failed("Lambda.Unknown"))).end?.status).toBe("SUCCEEDED");
  expect((await run(states, () => undefined)).end).toMatchObject({ error: "States.Timeout" });
});

test("a catcher assigns and reads the error and where it happened", async () => {
  const failure = "{% $states.context.State.Name & ': ' & $states.errorOutput.Error %}";
  const message = "{% $parse($states.errorOutput.Cause).errorMessage %}";
  const states = {
    Work: task({
      Catch: [{ ErrorEquals: ["Odd"], Assign: { failure, message }, Next: "End" }],
    }),
    End: { Type: "Fail", Error: "Given.Up", Cause: "{% $failure & ', ' & $message %}" },
  };

  const { end } = await run(states, () => failed("Odd", '{"errorMessage":"no such thing"}'));

  const cause = "Work: Odd, no such thing";
  expect(end).toEqual({ status: "FAILED", error: "Given.Up", cause });
});

test("an expression that fails is an error of its task, retried and caught", async () => {
  const states = {
    Work: task({
      Output: "{% $states.result.missing %}",
      Retry: [{ ErrorEquals: ["States.QueryEvaluationError"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "End" }],
    }),
    End: { Type: "Succeed", ...output("$states.input.Error") },
  };

  const { end, calls } = await run(states);

  expect(calls).toHaveLength(2);
  expect(end).toMatchObject({ output: "States.QueryEvaluationError" });
});

test("an error in a catcher's own expression ends the execution", async () => {
  const catches = { ErrorEquals: ["States.ALL"], Assign: { a: "{% $parse('{') %}" }, Next: "End" };
  const states = { Work: task({ Catch: [catches] }), End: { Type: "Succeed" } };

  const { end } = await run(states, () => failed("Odd"));

  expect(end).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
});

test("no catcher takes a States.Runtime", async () => {
  const states = {
    Work: task({
      Retry: [{ ErrorEquals: ["States.ALL"] }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "End" }],
    }),
    End: { Type: "Succeed" },
  };

  const { end, calls } = await run(states, () => failed("States.Runtime"));

  expect(calls).toHaveLength(1);
  expect(end).toMatchObject({ status: "FAILED", error: "States.Runtime" });
});
