// The machine that pays back: what must hold of every way through it.
import { expect, test } from "vitest";
import { SAGA_ERRORS } from "#contracts/saga";
import { stageNamed } from "#infra/config/stages";
import {
  caughtBy,
  reachedStates,
  refund,
  retriesOf,
  type TaskState,
  tasksOf,
} from "../../support/saga-definition.ts";
import { assignedBefore, variablesRead } from "../../support/saga-variables.ts";

const tasks = new Map(tasksOf(refund));
const names = [...tasks.keys()];

function taskNamed(name: string): TaskState {
  const found = tasks.get(name);
  if (found === undefined) throw new Error(`A refund has no task ${name}.`);
  return found;
}

/** Behind which a sum may be paid and not be said to be. */
const PAYING = ["PayBack", "PaidBack", "NothingToPay", "RefuseRefund", "Release", "Cancel"];

test("every state is reached, and every name leads to a state", () => {
  expect([...reachedStates(refund)].toSorted()).toEqual(Object.keys(refund.States).toSorted());
  expect(names.toSorted()).toEqual([...PAYING, "FileAttention"].toSorted());
});

test("it is JSONata, and no limit on the whole cuts off what it pays", () => {
  expect(refund.QueryLanguage).toBe("JSONata");
  expect(refund.TimeoutSeconds).toBeUndefined();
});

test.for(names)("%s waits longer than its function may run in any stage", (name) => {
  for (const stage of ["local", "dev", "prod"]) {
    const { timeoutSeconds } = stageNamed(stage).task;
    expect(taskNamed(name).TimeoutSeconds).toBeGreaterThan(timeoutSeconds);
  }
});

test.for(names)("%s retries for hours, bounded and spread out, and has a last resort", (name) => {
  const { Catch, Retry, ...state } = taskNamed(name);

  // A cancellation waits so for other refunds of its order, too.
  const passing = [SAGA_ERRORS.transient, SAGA_ERRORS.outcomePending, "Lambda.Unknown"];
  for (const error of [...passing, "Sandbox.Timedout", "States.Timeout", "Some.OtherError"]) {
    expect(retriesOf({ ...state, Catch, Retry }, error)).toBeGreaterThanOrEqual(50);
  }
  expect(Retry.at(-1)).toMatchObject({
    ErrorEquals: ["States.ALL"],
    BackoffRate: 2,
    JitterStrategy: "FULL",
    MaxDelaySeconds: 300,
  });
  expect(Catch.at(-1)?.ErrorEquals).toEqual(["States.ALL"]);
});

const { orderNotOpen, paymentRefused, refused } = SAGA_ERRORS;

test.for([
  ["PayBack", paymentRefused, "RefuseRefund"],
  ["PayBack", refused, "FileAttention"],
  ["PaidBack", orderNotOpen, "FileAttention"],
  ["PaidBack", refused, "FileAttention"],
  ["RefuseRefund", orderNotOpen, "FileAttention"],
  ["RefuseRefund", refused, "FileAttention"],
  ["NothingToPay", orderNotOpen, "FileAttention"],
  ["NothingToPay", refused, "FileAttention"],
  ["Release", refused, "FileAttention"],
  ["Cancel", orderNotOpen, "FileAttention"],
  ["Cancel", refused, "FileAttention"],
  ["FileAttention", refused, "NeedsAttention"],
] as const)("%s that ends in %s is not tried again and leads to %s", ([name, error, next]) => {
  expect(retriesOf(taskNamed(name), error)).toBe(0);
  expect(caughtBy(taskNamed(name), error)?.Next).toBe(next);
});

test("money goes back before goods do, and an order ends behind both", () => {
  expect(["PayBack", "PaidBack", "NothingToPay"].map((name) => taskNamed(name).Next)).toEqual([
    "PaidBack",
    "Cancels",
    "Cancels",
  ]);
  expect(taskNamed("Release").Next).toBe("Cancel");
  expect(taskNamed("Cancel").End).toBe(true);
});

test("what was refused ends well, and what could not be done never silently", () => {
  expect(taskNamed("RefuseRefund").End).toBe(true);
  expect(refund.States["NeedsAttention"]).toMatchObject({ Type: "Fail", Error: "NeedsAttention" });
  for (const name of PAYING) {
    expect(caughtBy(taskNamed(name), "Some.OtherError")?.Next).toBe("FileAttention");
  }
});

test("every variable is assigned before it is read, whatever way led there", () => {
  const assigned = assignedBefore(refund);

  expect([...assigned.keys()].toSorted()).toEqual(Object.keys(refund.States).toSorted());
  const unassigned = [...assigned].flatMap(([name, before]) => {
    const state = refund.States[name];
    return (state === undefined ? [] : variablesRead(state)).filter((one) => !before.has(one));
  });
  expect(unassigned).toEqual([]);
});
