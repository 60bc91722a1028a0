/**
 * One execution of a state machine as a Standard workflow runs it: states one after the other,
 * errors retried and caught, its time and its chance passed in. A task's function may have had its
 * effect, or may still be at work, when its state has timed out or has seen an error.
 */
import { isJsonObject, type Json, type JsonObject } from "#kernel/json";
import type { Rng } from "#kernel/rng";
import { type EpochMs, isoInstant, parseInstant } from "#kernel/units";
import type { Choice, State, StateMachine, TaskState, Transition } from "./definition.ts";
import { matchesError, retryDelayMs, STATES_ERRORS, type TaskError } from "./errors.ts";
import { EvaluationError, type Scope, type Template } from "./expressions.ts";
import { failureOf, StateFailed } from "./state-failed.ts";

export type TaskEnd =
  | { readonly kind: "succeeded"; readonly result: Json }
  | ({ readonly kind: "failed" } & TaskError);

/** What a task's state asks for; `attempt` counts from 1 in every visit of the state. */
export type TaskCall = {
  readonly execution: string;
  readonly state: string;
  readonly attempt: number;
  /** Of the function. */
  readonly resource: string;
  readonly input: Json;
};

/** Ends the state that waits with that token, while there is one. */
export type Callbacks = Map<string, (end: TaskEnd) => void>;

export type ExecutionEvent =
  | { readonly kind: "entered"; readonly state: string }
  | ({ readonly kind: "failed" | "timed-out"; readonly state: string } & TaskError)
  | { readonly kind: "retried"; readonly state: string; readonly error: string }
  | {
      readonly kind: "caught";
      readonly state: string;
      readonly error: string;
      readonly next: string;
    };

export type ExecutionEnd =
  | { readonly status: "SUCCEEDED"; readonly output: Json }
  | ({ readonly status: "FAILED" } & TaskError);

export type ExecutionOptions = {
  readonly machine: StateMachine;
  readonly name: string;
  readonly input: Json;
  /** The scheduler fits. */
  readonly time: { now(): number; at(time: number, act: () => void): void };
  readonly rng: Rng;
  /** `ended` may be called late, more than once, or never. */
  readonly invoke: (call: TaskCall, ended: (end: TaskEnd) => void) => void;
  readonly observe?: (event: ExecutionEvent) => void;
  /** States that wait for a callback are found here by their tokens. */
  readonly callbacks?: Callbacks;
};

/**
 * "25,000 events in a single state machine execution history. If the execution history reaches
 * this quota, the execution will fail" (Step Functions service quotas). States are counted here;
 * each makes at least two events.
 */
const STATES_ENTERED_MAX = 12_500;

/** Never rejects but for a fault of the interpreter's own. */
export const execute = (options: ExecutionOptions): Promise<ExecutionEnd> =>
  new Execution(options).run();

type Left = { readonly next: string | undefined; readonly output: Json };

class Execution {
  readonly #options: ExecutionOptions;
  readonly #startedAt: string;
  #variables: JsonObject = {};
  #input: Json;
  #state = "";
  #enteredAt = "";
  #retries = 0;
  #attempts = 0;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#input = options.input;
    this.#startedAt = this.#instant();
  }

  async run(): Promise<ExecutionEnd> {
    let next: string | undefined = this.#options.machine.startAt;
    for (let entered = 0; next !== undefined; entered += 1) {
      if (entered === STATES_ENTERED_MAX) {
        const cause = `The execution entered ${STATES_ENTERED_MAX} states: its history is full.`;
        return { status: "FAILED", error: STATES_ERRORS.runtime, cause };
      }
      try {
        const left: Left = await this.#enter(next);
        next = left.next;
        this.#input = left.output;
      } catch (error) {
        return { status: "FAILED", ...failureOf(error) };
      }
    }
    return { status: "SUCCEEDED", output: this.#input };
  }

  async #enter(name: string): Promise<Left> {
    const state = this.#options.machine.states.get(name);
    if (state === undefined) throw new StateFailed(STATES_ERRORS.runtime, `No state ${name}.`);
    this.#state = name;
    this.#enteredAt = this.#instant();
    this.#retries = 0;
    this.#options.observe?.({ kind: "entered", state: name });
    return await this.#carryOut(state);
  }

  async #carryOut(state: State): Promise<Left> {
    switch (state.type) {
      case "Task":
        return await this.#task(state);
      case "Pass":
      case "Succeed":
        return await this.#leave(state, this.#input, {});
      case "Wait":
        await this.#sleepUntil(await this.#instantOf(state.until));
        return await this.#leave(state, this.#input, {});
      case "Choice":
        return await this.#choose(state);
      case "Fail":
        throw new StateFailed(
          textOf(await this.#evaluate(state.error)),
          textOf(await this.#evaluate(state.cause)),
        );
      default:
        return state satisfies never;
    }
  }

  async #task(state: TaskState): Promise<Left> {
    const retriesBy = state.retriers.map(() => 0);
    for (;;) {
      const tried = await this.#attempt(state);
      if ("left" in tried) return tried.left;
      const { error } = tried;
      const index = state.retriers.findIndex(({ errorEquals }) => matchesError(errorEquals, error));
      const retrier = state.retriers[index];
      const retry = (retriesBy[index] ?? 0) + 1;
      if (retrier === undefined || retry > retrier.attemptsMax) {
        return await this.#caught(state, tried);
      }
      retriesBy[index] = retry;
      this.#retries += 1;
      const { time, rng, observe } = this.#options;
      observe?.({ kind: "retried", state: this.#state, error });
      await this.#sleepUntil(time.now() + retryDelayMs(retrier, retry, rng));
    }
  }

  /** What an expression fails with is an error of the state like its task's own. */
  async #attempt(state: TaskState): Promise<{ readonly left: Left } | TaskError> {
    this.#attempts += 1;
    try {
      const input = state.arguments === undefined ? this.#input : await this.#must(state.arguments);
      const end = await this.#invoked(state, input);
      if (end.kind === "failed") return end;
      const { result } = end;
      return { left: await this.#leave(state, result, { result }) };
    } catch (error) {
      return failureOf(error);
    }
  }

  /** An answer after the state's timeout finds nobody who waits for it. */
  async #invoked({ resource, timeoutSeconds }: TaskState, input: Json): Promise<TaskEnd> {
    const { time, invoke, name, observe, callbacks } = this.#options;
    const state = this.#state;
    const call = { execution: name, state, attempt: this.#retries + 1 };
    const token = this.#token();
    const end = await new Promise<TaskEnd>((resolve) => {
      if (resource === undefined) {
        const { FunctionName = "", Payload = {} } = isJsonObject(input) ? input : {};
        callbacks?.set(token, resolve);
        // What the function answers ends nothing; that it failed does.
        invoke({ ...call, resource: textOf(FunctionName), input: Payload }, (ended) => {
          if (ended.kind === "failed") resolve(ended);
        });
      } else invoke({ ...call, resource, input }, resolve);
      time.at(time.now() + timeoutSeconds * 1_000, () =>
        resolve({ kind: "failed", error: STATES_ERRORS.timeout, cause: "" }),
      );
    });
    callbacks?.delete(token);
    if (end.kind === "succeeded") return end;
    const { error, cause } = end;
    const kind = error === STATES_ERRORS.timeout ? "timed-out" : "failed";
    observe?.({ kind, state, error, cause });
    return end;
  }

  async #caught(state: TaskState, failure: TaskError): Promise<Left> {
    const { error, cause } = failure;
    const catcher = state.catchers.find(({ errorEquals }) => matchesError(errorEquals, error));
    if (catcher === undefined) throw new StateFailed(error, cause);
    this.#options.observe?.({ kind: "caught", state: this.#state, error, next: catcher.next });
    const errorOutput = { Error: error, Cause: cause };
    return await this.#leave(catcher, errorOutput, { errorOutput });
  }

  async #choose(state: Extract<State, { readonly type: "Choice" }>): Promise<Left> {
    for (const choice of state.choices) {
      if (await this.#holds(choice)) return await this.#leave(choice, this.#input, {});
    }
    const { otherwise, ...changes } = state;
    if (otherwise === undefined) {
      throw new StateFailed(STATES_ERRORS.noChoiceMatched, `No choice of ${this.#state} holds.`);
    }
    return await this.#leave({ ...changes, next: otherwise }, this.#input, {});
  }

  async #holds({ condition }: Choice): Promise<boolean> {
    const answer = await this.#must(condition);
    if (typeof answer === "boolean") return answer;
    throw new EvaluationError(`A condition of ${this.#state} is neither true nor false.`);
  }

  /** Output and variables are made of what stood before both. */
  async #leave(to: Transition, byDefault: Json, more: JsonObject): Promise<Left> {
    const output = to.output === undefined ? byDefault : await this.#must(to.output, more);
    const assigned = to.assign === undefined ? {} : await this.#must(to.assign, more);
    this.#variables = { ...this.#variables, ...(assigned as JsonObject) };
    return { next: to.next, output };
  }

  async #instantOf({
    unit,
    value,
  }: Extract<State, { readonly type: "Wait" }>["until"]): Promise<number> {
    const answer = await this.#must(value);
    if (unit === "Seconds") {
      if (typeof answer === "number" && answer >= 0) {
        return this.#options.time.now() + answer * 1_000;
      }
      throw new EvaluationError(
        `${this.#state} waits a number of seconds; received ${textOf(answer)}.`,
      );
    }
    const instant = typeof answer === "string" ? parseInstant(answer) : undefined;
    if (instant !== undefined) return instant;
    throw new EvaluationError(
      `${this.#state} waits until an RFC 3339 instant; not ${textOf(answer)}.`,
    );
  }

  #sleepUntil(instant: number): Promise<void> {
    return new Promise((resolve) => this.#options.time.at(instant, resolve));
  }

  async #evaluate(template: Template | undefined): Promise<Json> {
    return template === undefined ? "" : await this.#must(template);
  }

  #must(template: Template, more: JsonObject = {}): Promise<Json> {
    const states = { input: this.#input, context: this.#context(), ...more };
    const scope: Scope = { states, variables: this.#variables };
    return template(scope);
  }

  /** The part of the Context object that JSONata reads as `$states.context`. */
  #context(): JsonObject {
    const { name, input } = this.#options;
    return {
      Execution: { Id: name, Name: name, Input: input, StartTime: this.#startedAt },
      State: { Name: this.#state, EnteredTime: this.#enteredAt, RetryCount: this.#retries },
      Task: { Token: this.#token() },
    };
  }

  /** Each attempt has its own. */
  #token(): string {
    return `token of ${this.#options.name} ${this.#attempts}`;
  }

  #instant(): string {
    return isoInstant(this.#options.time.now() as EpochMs);
  }
}

const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
