/**
 * The order saga's ASL as data, and the two questions that the language answers about an error:
 * whether it is retried, and where it leads. Source: Amazon States Language, "Errors".
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
};

export type Catcher = {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Readonly<Record<string, string>>;
};

export type TaskState = {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments: Readonly<Record<string, string>>;
  readonly TimeoutSeconds: number;
  readonly Assign?: Readonly<Record<string, string>>;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Next?: string;
  readonly End?: true;
};

export type EndState = {
  readonly Type: "Succeed" | "Fail";
  readonly Error?: string;
  readonly Cause?: string;
};

export type SagaDefinition = {
  readonly QueryLanguage: string;
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, TaskState | EndState>>;
};

const sagaFile = join(import.meta.dirname, "../../stepfunctions/order-saga.asl.json");

export const sagaText = readFileSync(sagaFile, "utf8");

export const saga = JSON.parse(sagaText) as SagaDefinition;

export const tasks: readonly (readonly [string, TaskState])[] = Object.entries(saga.States).flatMap(
  ([name, state]) => (state.Type === "Task" ? [[name, state] as const] : []),
);

export function taskNamed(name: string): TaskState {
  const found = tasks.find(([known]) => known === name)?.[1];
  if (found === undefined) throw new Error(`The saga has no task ${name}.`);
  return found;
}

/** The states after this one: the next one, and where its errors lead. */
export function followers(state: TaskState | EndState): readonly string[] {
  if (state.Type !== "Task") return [];
  const caught = state.Catch.map(({ Next }) => Next);
  return state.Next === undefined ? caught : [state.Next, ...caught];
}

/**
 * How often the state is tried again after this error alone: 3 where the language's default
 * holds.
 */
export function retriesOf(state: TaskState, error: string): number {
  const retrier = state.Retry.find(({ ErrorEquals }) => matches(ErrorEquals, error));
  return retrier === undefined ? 0 : (retrier.MaxAttempts ?? 3);
}

/** Where the error leads when it is not retried (any more); undefined: the run fails with it. */
export const caughtBy = (state: TaskState, error: string): Catcher | undefined =>
  state.Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error));

const matches = (names: readonly string[], error: string): boolean =>
  names.includes(error) || names.includes("States.ALL");
