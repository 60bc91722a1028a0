/**
 * Step Functions between the saga's states and its functions: invocations that are throttled, come
 * late, come twice, or whose end nobody hears of; and the names that their errors have.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "#kernel/json";
import { fnv1a, type Rng } from "#kernel/rng";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { InvocationEnd, LambdaHost } from "#simulation/lambda-host";
import type { Scheduler } from "#simulation/scheduler";
import { type StateMachine, stateMachine } from "#simulation/state-machine/definition";
import type { TaskCall, TaskEnd } from "#simulation/state-machine/execution";
import type { FunctionAnswer, TaskFunctionName } from "./functions.ts";
import type { Definition, SagaPlant } from "./plant.ts";

export const INVOCATION_FAULTS = {
  "function-throttled": [0.01, 0.5],
  "function-error": [0.01, 0.3],
  // Of a name that no step retries but its undoing: the next state begins while the function runs.
  "unlisted-error": [0.01, 0.3],
  "late-invocation": [0.01, 0.3],
  "lost-invocation": [0.01, 0.15],
  "twin-invocation": [0.01, 0.2],
  // One step, of half of the orders, so often that its retries are used up.
  "troubled-step": [0.5, 0.98],
} as const satisfies FaultRates;

/** A failure that a test wants at a place, with or without the function's effect. */
export type Injected = { readonly error: string; readonly effect: "none" | "taken" };
export type Inject = (call: TaskCall) => Injected | undefined;

export type TasksOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly hosts: Readonly<Record<TaskFunctionName, LambdaHost<Json, FunctionAnswer>>>;
  readonly inject: Inject;
  readonly note: (what: string, about: string) => void;
};

const FOLDER = join(import.meta.dirname, "../../../stepfunctions");
const shipped = readFileSync(join(FOLDER, "order-saga.asl.json"), "utf8");
const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:";

/** The text that is deployed, its placeholders filled in as the stack does. */
const deployed = (text: string): StateMachine =>
  stateMachine(text.replaceAll(/\$\{(\w+)\}/g, `${FUNCTION_ARN}$1`));

const shippedMachine = deployed(shipped);
export const refundMachine = deployed(readFileSync(join(FOLDER, "order-refund.asl.json"), "utf8"));
const TASKS = [...shippedMachine.states.entries()].flatMap(([name, { type }]) =>
  type === "Task" ? [name] : [],
);
const planted = new Map<NonNullable<SagaPlant["definition"]>, StateMachine>();

export function machineOf({ definition }: SagaPlant): StateMachine {
  if (definition === undefined) return shippedMachine;
  const made =
    planted.get(definition) ??
    deployed(JSON.stringify(definition(JSON.parse(shipped) as Definition)));
  planted.set(definition, made);
  return made;
}

/** Longer than any state waits. */
const LATE_MS_MAX = 60_000;
const REFUSED_MS = 20;
const UNLISTED_MS_MAX = 600;

/** How Lambda and its SDK name the end of an invocation that nobody answered. */
const BROKEN_ERRORS = [
  "Runtime.ExitError",
  "Lambda.Unknown",
  "Lambda.SdkClientException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.ClientExecutionTimeoutException",
] as const;
const UNLISTED_ERRORS = ["Runtime.OutOfMemory", "Lambda.ResourceNotReadyException"] as const;
const TIMED_OUT_ERRORS = ["Sandbox.Timedout", "Lambda.Unknown"] as const;

export function taskInvoker(
  options: TasksOptions,
): (call: TaskCall, ended: (end: TaskEnd) => void) => void {
  const { scheduler, swarm, rng, hosts, inject, note } = options;

  const hits = (fault: keyof typeof INVOCATION_FAULTS, { state, execution }: TaskCall): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    note(fault, `${state} of ${execution}`);
    return true;
  };
  const troubled = TASKS[rng.int(TASKS.length)];
  const isTroubledStep = ({ state, execution }: TaskCall): boolean =>
    state === troubled && fnv1a(execution) % 2 === 0;
  const one = (names: readonly string[]): string => names[rng.int(names.length)] ?? "";
  const refuse = (ended: (end: TaskEnd) => void, error: string): void =>
    scheduler.after(REFUSED_MS, () => ended(failed(error, "No answer of the function is known.")));

  const run = ({ resource, input }: TaskCall, ended: (end: TaskEnd) => void): void => {
    const name = resource.slice(FUNCTION_ARN.length) as TaskFunctionName;
    hosts[name].invoke(input, (end) => ended(taskEnd(end, one)));
  };

  return (call, ended) => {
    const injected = inject(call);
    if (injected !== undefined) {
      note(`${injected.error} (effect ${injected.effect})`, `${call.state} of ${call.execution}`);
      const fail = (): void => ended(failed(injected.error, causeOf(injected.error, "injected")));
      if (injected.effect === "taken") run(call, fail);
      else scheduler.after(REFUSED_MS, fail);
      return;
    }
    const isTroubled = isTroubledStep(call) && hits("troubled-step", call);
    const trouble = isTroubled ? rng.int(2) : undefined;
    if (trouble === 0 || hits("function-throttled", call)) {
      return refuse(ended, "Lambda.TooManyRequestsException");
    }
    // The connection broke: before the function was called, or after.
    if (trouble === 1 || hits("function-error", call)) {
      if (rng.int(2) === 0) run(call, () => undefined);
      return refuse(ended, one(BROKEN_ERRORS));
    }
    if (hits("unlisted-error", call)) {
      // Sometimes it was still on its way.
      const lateMs = rng.int(3) === 0 ? rng.int(LATE_MS_MAX) : 0;
      scheduler.after(lateMs, () => run(call, () => undefined));
      scheduler.after(rng.int(UNLISTED_MS_MAX), () => ended(failed(one(UNLISTED_ERRORS), "")));
      return;
    }
    if (hits("late-invocation", call)) {
      scheduler.after(rng.int(LATE_MS_MAX), () => run(call, ended));
      return;
    }
    // Its state hears nothing, and times out; the function may have run.
    if (hits("lost-invocation", call)) {
      if (rng.int(2) === 0) run(call, () => undefined);
      return;
    }
    run(call, ended);
    if (hits("twin-invocation", call)) run(call, ended);
  };
}

function taskEnd(
  end: InvocationEnd<FunctionAnswer>,
  one: (names: readonly string[]) => string,
): TaskEnd {
  switch (end.kind) {
    case "answered": {
      const { answer } = end;
      if (answer.kind === "result") return { kind: "succeeded", result: answer.result };
      return failed(answer.name, causeOf(answer.name, answer.message));
    }
    case "crashed":
      return failed(one(BROKEN_ERRORS), "The function's end is not known.");
    case "timed-out": {
      const name = one(TIMED_OUT_ERRORS);
      return failed(name, causeOf(name, "Task timed out after 15.00 seconds"));
    }
    default:
      return end satisfies never;
  }
}

const failed = (error: string, cause: string): TaskEnd => ({ kind: "failed", error, cause });

/** As Lambda writes an error of a Node function. */
const causeOf = (errorType: string, errorMessage: string): string =>
  JSON.stringify({ errorType, errorMessage, trace: [] });
