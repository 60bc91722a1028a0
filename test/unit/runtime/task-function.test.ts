// What a workflow sees of a task: its output, or an error whose name it can catch.
import { expect, test } from "vitest";
import { paymentTask, SAGA_ERRORS } from "#contracts/saga";
import { Failure, type FailureAction, type FailureCode } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { type TaskFunction, taskFunction } from "#runtime/task-function";
import type { Annotations, Tracing } from "#runtime/tracing";
import type { PaymentTask } from "#contracts/saga";
import { countedSurroundings, lambdaContext, untraced } from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;
const capture = { step: "capture", orderId: "01HXXXXXXXXXXXXXXXXXXXXXXX" };

const run = (
  handle: TaskFunction<PaymentTask, unknown>["handle"],
  input: unknown = capture,
  tracing: Tracing = untraced,
) =>
  taskFunction(
    { service: "payments", schema: paymentTask, handle },
    countedSurroundings(noon),
    tracing,
  )(input, lambdaContext("request-7"));

test("valid input reaches the task with the time and the request's id", async () => {
  const answer = await run(async (input, { now, requestId }) => ({ input, now, requestId }));

  expect(answer).toEqual({ input: capture, now: noon, requestId: "request-7" });
});

test.each<[FailureCode, FailureAction, string]>([
  ["out-of-stock", "reject", SAGA_ERRORS.outOfStock],
  ["payment-declined", "reject", SAGA_ERRORS.paymentDeclined],
  ["payment-refused", "reject", SAGA_ERRORS.paymentRefused],
  ["step-cancelled", "reject", SAGA_ERRORS.stepCancelled],
  ["order-not-open", "reject", SAGA_ERRORS.orderNotOpen],
  ["outcome-pending", "retry", SAGA_ERRORS.outcomePending],
  ["store-throttled", "retry", SAGA_ERRORS.transient],
  ["outcome-unknown", "retry", SAGA_ERRORS.transient],
  ["provider-refused", "reject", SAGA_ERRORS.refused],
  ["conflict", "halt", SAGA_ERRORS.refused],
])("a failure %s (%s) is the error %s", async (code, action, name) => {
  const failing = run(() => Promise.reject(new Failure(code, action, "what happened")));

  await expect(failing).rejects.toMatchObject({ name, message: "what happened" });
});

test("an error that nobody foresaw may be repeated, and its text stays inside", async () => {
  const failing = run(() => Promise.reject(new Error("secret")));

  await expect(failing).rejects.toMatchObject({
    name: SAGA_ERRORS.transient,
    message: "The task failed unexpectedly.",
  });
});

test("wrong input is refused with what is wrong, and the task does not run", async () => {
  const ran: unknown[] = [];
  const input = { ...capture, amount: 1 };

  const failing = run(async (given) => void ran.push(given), input);

  await expect(failing).rejects.toMatchObject({
    name: SAGA_ERRORS.refused,
    message: expect.stringContaining("/amount") as unknown,
  });
  expect(ran).toEqual([]);
});

test("the trace names step and order, and nothing else of the input", async () => {
  const annotated: Annotations[] = [];
  const tracing: Tracing = {
    around(_name, annotations, work) {
      annotated.push(annotations);
      return work();
    },
  };

  await run(async () => ({}), capture, tracing);

  expect(annotated).toEqual([capture]);
});
