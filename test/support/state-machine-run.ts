/**
 * One execution of a small state machine on a virtual clock, its tasks scripted by the test.
 */
import type { Json } from "#kernel/json";
import { seededRng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import { scheduler } from "#simulation/scheduler";
import { type StateMachine, stateMachine } from "#simulation/state-machine/definition";
import {
  execute,
  type ExecutionEnd,
  type ExecutionEvent,
  type TaskCall,
  type TaskEnd,
} from "#simulation/state-machine/execution";

export const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:work";
/** 2026-01-01T00:00:00Z */
export const MIDNIGHT = 1_767_225_600_000 as EpochMs;

const STEPS_MAX = 100_000;

export type Definition = Readonly<Record<string, unknown>>;

/** A task of the function above, ending the execution unless told otherwise. */
export const task = (fields: Definition = {}): Definition => ({
  Type: "Task",
  Resource: FUNCTION,
  ...(fields["Next"] === undefined && { End: true }),
  ...fields,
});

/** It starts with the first state. */
export const machine = (states: Readonly<Record<string, Definition>>): StateMachine =>
  stateMachine(
    JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: Object.keys(states)[0],
      States: states,
    }),
  );

export const succeeded = (result: Json): TaskEnd => ({ kind: "succeeded", result });
export const failed = (error: string, cause = ""): TaskEnd => ({ kind: "failed", error, cause });

/** Comes at once unless told otherwise. */
export type Answer = TaskEnd & { readonly afterMs?: number };

export type Run = {
  readonly end: ExecutionEnd | undefined;
  readonly calls: readonly (TaskCall & { readonly atMs: number })[];
  readonly events: readonly ExecutionEvent[];
  /** How long it took. */
  readonly virtualMs: number;
};

/** @param answer of the task's call of that number, from 1; nothing: it never answers. */
export async function run(
  states: Readonly<Record<string, Definition>>,
  answer: (number: number, call: TaskCall) => Answer | undefined = () => succeeded({}),
  input: Json = {},
): Promise<Run> {
  const time = scheduler(MIDNIGHT, STEPS_MAX);
  const calls: (TaskCall & { readonly atMs: number })[] = [];
  const events: ExecutionEvent[] = [];
  let end: ExecutionEnd | undefined;
  let virtualMs = 0;
  void execute({
    machine: machine(states),
    name: "run-1",
    input,
    time,
    rng: seededRng(1),
    invoke: (call, ended) => {
      calls.push({ ...call, atMs: time.now() - MIDNIGHT });
      const found = answer(calls.length, call);
      if (found !== undefined) time.after(found.afterMs ?? 0, () => ended(found));
    },
    observe: (event) => events.push(event),
  }).then((ended) => {
    end = ended;
    virtualMs = time.now() - MIDNIGHT;
  });
  // The first states may need no time at all.
  time.after(0, () => undefined);
  await time.run(() => end !== undefined);
  return { end, calls, events, virtualMs };
}
