// Repairs of what each request and each call of a function cost the server, shown by counting.
import { expect, test } from "vitest";
import { probeBoth } from "../support/python-probe.ts";

test("lambda_worker_pipes: a call and a sandbox need no threads of their own", async () => {
  const { unrepaired, repaired } = await probeBoth("worker_pipes", "lambda_worker_pipes");

  const same = {
    answers: ["done", "done"],
    logged: true,
    large: [300_000, true],
    errors: ["Worker process died", "Task timed out after 1.00 seconds"],
  };
  expect(unrepaired).toEqual({ ...same, threadsKept: 1, threadsOfCall: 1 });
  expect(repaired).toEqual({ ...same, threadsKept: 0, threadsOfCall: 0 });
});

test("kept_threads: a thread is used again, work that waits for work gets another", async () => {
  const { unrepaired, repaired } = await probeBoth("kept_threads", "kept_threads");

  const same = { nested: 20, failure: "on purpose" };
  expect(unrepaired).toEqual({ ...same, threadsForTenWorks: 10 });
  const { threadsForTenWorks, ...rest } = repaired as { readonly threadsForTenWorks: number };
  expect(rest).toEqual(same);
  // A thread tells its result just before it is idle again, so now and then two take turns.
  expect(threadsForTenWorks).toBeLessThan(6);
});

test("dynamodb_condition_syntax: a condition's grammar is checked once", async () => {
  const { unrepaired, repaired } = await probeBoth("condition_syntax", "dynamodb_condition_syntax");

  const same = { answers: [false, true, false], refused: [true, true] };
  expect(unrepaired).toEqual({ ...same, checked: 3 });
  expect(repaired).toEqual({ ...same, checked: 1 });
});
