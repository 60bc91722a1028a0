/**
 * The ASL of the order saga and of refunds as data, and the two questions that the language answers
 * about an error: whether it is retried, and where it leads. Source: Amazon States Language,
 * "Errors".
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

export type ChoiceState = {
  readonly Type: "Choice";
  readonly Choices: readonly {
    readonly Next: string;
    readonly Assign?: Readonly<Record<string, string>>;
  }[];
  readonly Assign?: Readonly<Record<string, string>>;
  readonly Default: string;
};

export type State = TaskState | ChoiceState | EndState;

export type SagaDefinition = {
  readonly QueryLanguage: string;
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
};

const textOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../../stepfunctions/${name}.asl.json`), "utf8");

export const sagaText = textOf("order-saga");

export const saga = JSON.parse(sagaText) as SagaDefinition;

export const refund = JSON.parse(textOf("order-refund")) as SagaDefinition;

export const tasksOf = ({ States }: SagaDefinition): readonly (readonly [string, TaskState])[] =>
  Object.entries(States).flatMap(([name, state]) =>
    state.Type === "Task" ? [[name, state] as const] : [],
  );

export const tasks = tasksOf(saga);

export function taskNamed(name: string): TaskState {
  const found = tasks.find(([known]) => known === name)?.[1];
  if (found === undefined) throw new Error(`The saga has no task ${name}.`);
  return found;
}

/** The states after this one: the next one or those of its choices, and where its errors lead. */
export function followers(state: State): readonly string[] {
  if (state.Type === "Choice") return [...state.Choices.map(({ Next }) => Next), state.Default];
  if (state.Type !== "Task") return [];
  const caught = state.Catch.map(({ Next }) => Next);
  return state.Next === undefined ? caught : [state.Next, ...caught];
}

/** Every state that some way from the start leads to. */
export function reachedStates({ StartAt, States }: SagaDefinition): readonly string[] {
  const reached = new Set([StartAt]);
  for (const name of reached) {
    const state = States[name];
    for (const follower of state === undefined ? [] : followers(state)) reached.add(follower);
  }
  return [...reached];
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
