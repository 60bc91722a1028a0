import { expect, test } from "vitest";
import { SAGA_ERRORS } from "#contracts/saga";
import { stageNamed } from "#infra/config/stages";
import {
  caughtBy,
  followers,
  reachedStates,
  retriesOf,
  saga,
  type TaskState,
  taskNamed,
  tasks,
} from "../../support/saga-definition.ts";
import { assignedBefore, variablesRead } from "../../support/saga-variables.ts";

const FORWARD = [
  "Begin",
  "Reserve",
  "Authorise",
  "CreateShipment",
  "CommitHold",
  "Capture",
  "Confirm",
];
const UNDO = ["Void", "Release", "Reject"];
/** What must not be given up before somebody has been told. */
const UNTIL_DONE = ["Confirm", "PayBack", "PaidBack", "RefuseCancel", ...UNDO];
const everyTask = tasks.map(([name]) => name);

const passing = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
  "Sandbox.Timedout",
  "States.Timeout",
  SAGA_ERRORS.transient,
];

test("the happy path has seven transitions, none of them a choice", () => {
  const path: string[] = [];
  let next: string | undefined = saga.StartAt;
  while (next !== undefined && path.length <= everyTask.length) {
    path.push(next);
    next = taskNamed(next).Next;
  }

  expect(path).toEqual(FORWARD);
  expect(path.length).toBeLessThanOrEqual(8);
});

test("undoing runs in reverse: void, release, reject", () => {
  expect(UNDO.map((name) => taskNamed(name).Next)).toEqual(["Release", "Reject", undefined]);
});

test("every state is reached, and every name leads to a state", () => {
  expect([...reachedStates(saga)].toSorted()).toEqual(Object.keys(saga.States).toSorted());
});

test("it is JSONata, without a limit on the whole that would cut off the undoing", () => {
  expect(saga.QueryLanguage).toBe("JSONata");
  expect(saga.TimeoutSeconds).toBeUndefined();
});

test.for(everyTask)("%s waits longer than its function may run in any stage", (name) => {
  for (const stage of ["local", "dev", "prod"]) {
    const { timeoutSeconds } = stageNamed(stage).task;
    expect(taskNamed(name).TimeoutSeconds).toBeGreaterThan(timeoutSeconds);
  }
});

test.for(everyTask)("%s retries what passes, bounded and spread out", (name) => {
  const state = taskNamed(name);

  // What a review's own time is over for is no failure.
  const errors = passing.filter((error) => name !== "Review" || error !== "States.Timeout");
  expect(errors.filter((error) => retriesOf(state, error) < 5)).toEqual([]);
  for (const retrier of state.Retry.filter(({ MaxAttempts }) => MaxAttempts !== 0)) {
    expect(retrier).toMatchObject({
      BackoffRate: 2,
      JitterStrategy: "FULL",
      MaxAttempts: expect.any(Number) as unknown,
      MaxDelaySeconds: expect.any(Number) as unknown,
    });
  }
});

test.for(everyTask)("%s never repeats what a repetition cannot change", (name) => {
  const state = taskNamed(name);
  const isUntilDone = UNTIL_DONE.includes(name) || name === "FileAttention";
  const final = isUntilDone ? errorsOf(state) : businessErrors;

  expect(final.filter((error) => retriesOf(state, error) !== 0)).toEqual([]);
});

test.for(everyTask)("%s has a last resort, alone and at the end", (name) => {
  const { Catch, Retry } = taskNamed(name);

  expect(Catch.at(-1)?.ErrorEquals).toEqual(["States.ALL"]);
  for (const { ErrorEquals } of [...Catch.slice(0, -1), ...Retry.slice(0, -1)]) {
    expect(ErrorEquals).not.toContain("States.ALL");
  }
});

test.for([
  ["Begin", "OrderNotOpen", "NotOpen", undefined],
  ["Begin", "CancelRequested", "Void", "cancelled"],
  ["Begin", "Refused", "FileAttention", undefined],
  ["Begin", "Transient", "FileAttention", undefined],
  ["Reserve", "OutOfStock", "Release", "out-of-stock"],
  ["Reserve", "StepCancelled", "Void", "payment-failed"],
  ["Reserve", "Refused", "FileAttention", undefined],
  ["Reserve", "Transient", "FileAttention", undefined],
  ["Authorise", "PaymentDeclined", "Void", "payment-declined"],
  ["Authorise", "StepCancelled", "Void", "payment-failed"],
  ["Authorise", "OutcomePending", "Void", "payment-failed"],
  ["Authorise", "Refused", "Void", "payment-failed"],
  ["Authorise", "Transient", "Void", "payment-failed"],
  ["Authorise", "States.Timeout", "Void", "payment-failed"],
  ["CreateShipment", "CancelRequested", "Void", "cancelled"],
  ["CreateShipment", "ReviewNeeded", "Review", undefined],
  ["CreateShipment", "ReviewDeclined", "Void", "review-declined"],
  ["CreateShipment", "Transient", "FileAttention", undefined],
  ["Review", "ReviewOver", "CreateShipment", undefined],
  ["Review", "States.Timeout", "CreateShipment", undefined],
  ["Review", "Transient", "FileAttention", undefined],
  ["CommitHold", "HoldExpired", "Void", "hold-expired"],
  ["CommitHold", "Transient", "FileAttention", undefined],
  ["Capture", "StepCancelled", "Void", "payment-failed"],
  ["Capture", "OutcomePending", "Void", "payment-failed"],
  ["Capture", "Refused", "Void", "payment-failed"],
  ["Capture", "Transient", "Void", "payment-failed"],
  ["Confirm", "CancelRequested", "PayBack", "cancelled"],
  ["PayBack", "PaymentRefused", "RefuseCancel", undefined],
  ["PayBack", "Refused", "FileAttention", undefined],
  ["PaidBack", "Refused", "FileAttention", undefined],
  ["FileAttention", "Refused", "NeedsAttention", undefined],
  ["Confirm", "OrderNotOpen", "FileAttention", undefined],
  ["Confirm", "Refused", "FileAttention", undefined],
  ["Confirm", "Transient", "FileAttention", undefined],
  ["Void", "Refused", "FileAttention", undefined],
  ["Void", "OutcomePending", "FileAttention", undefined],
  ["Release", "Refused", "FileAttention", undefined],
  ["Reject", "OrderNotOpen", "FileAttention", undefined],
  ["Reject", "Refused", "FileAttention", undefined],
] as const)("%s that ends in %s leads to %s", ([name, error, next, reason]) => {
  const catcher = caughtBy(taskNamed(name), error);

  expect(catcher?.Next).toBe(next);
  expect(catcher?.Assign?.["reason"]).toBe(reason);
});

test("a pending outcome is asked about again, past its deadline for a void", () => {
  for (const name of ["Authorise", "Capture"]) {
    expect(retriesOf(taskNamed(name), "OutcomePending")).toBeGreaterThanOrEqual(5);
  }
  expect(retriesOf(taskNamed("Void"), "OutcomePending")).toBeGreaterThanOrEqual(50);
});

test("what cannot be confirmed or undone ends in a failed run, never silently", () => {
  expect(saga.States["NeedsAttention"]).toMatchObject({ Type: "Fail", Error: "NeedsAttention" });
  for (const name of UNTIL_DONE) {
    expect(followers(taskNamed(name))).toContain("FileAttention");
    expect(retriesOf(taskNamed(name), "Transient")).toBeGreaterThanOrEqual(50);
  }
});

test("no state that ends the run has an output", () => {
  const ends = Object.values(saga.States).filter(({ Type }) => Type === "Succeed");

  expect(ends.length).toBeGreaterThan(0);
  for (const end of ends) expect(end).not.toHaveProperty("Output");
});

test("every variable is assigned before it is read, whatever way led there", () => {
  const assigned = assignedBefore();

  expect([...assigned.keys()].toSorted()).toEqual(Object.keys(saga.States).toSorted());
  const unassigned = [...assigned].flatMap(([name, before]) =>
    variablesReadBy(name).filter((variable) => !before.has(variable)),
  );
  expect(unassigned).toEqual([]);
  expect(variablesReadBy("Reject").toSorted()).toEqual(["detail", "orderId", "reason"]);
});

const businessErrors = [
  SAGA_ERRORS.outOfStock,
  SAGA_ERRORS.paymentDeclined,
  SAGA_ERRORS.stepCancelled,
  SAGA_ERRORS.orderNotOpen,
  SAGA_ERRORS.cancelRequested,
  SAGA_ERRORS.reviewNeeded,
  SAGA_ERRORS.reviewOver,
  SAGA_ERRORS.reviewDeclined,
  SAGA_ERRORS.holdExpired,
  SAGA_ERRORS.paymentRefused,
  SAGA_ERRORS.refused,
];

/** The final errors that the function behind the task can end with. */
function errorsOf({ Resource, Arguments }: TaskState): readonly string[] {
  const { orderNotOpen, cancelRequested, paymentRefused, refused } = SAGA_ERRORS;
  switch (`${Resource} ${Arguments["step"]}`) {
    case "${OrderTasks} confirm":
      return [orderNotOpen, cancelRequested, refused];
    case "${OrderTasks} reject":
    case "${OrderTasks} refunded":
    case "${OrderTasks} refuse-refund":
      return [orderNotOpen, refused];
    case "${PaymentTasks} refund":
      return [paymentRefused, refused];
    case "${OrderTasks} attention":
    case "${StockTasks} release":
    case "${PaymentTasks} void":
      return [refused];
    default:
      throw new Error(`No function is known for ${Resource} ${Arguments["step"]}.`);
  }
}

function variablesReadBy(name: string): readonly string[] {
  const state = saga.States[name];
  return state === undefined ? [] : variablesRead(state);
}
