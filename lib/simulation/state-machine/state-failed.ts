/**
 * How a state fails: with an error name and a cause, as its catchers see them.
 */
import { STATES_ERRORS, type TaskError } from "./errors.ts";
import { EvaluationError } from "./expressions.ts";

/** Ends the state, and with it the execution unless somebody catches it. */
export class StateFailed extends Error {
  override readonly name = "StateFailed";
  readonly failure: TaskError;

  constructor(error: string, cause: string) {
    super(cause);
    this.failure = { error, cause };
  }
}

/** Rethrows what is a fault of the interpreter's own. */
export function failureOf(error: unknown): TaskError {
  if (error instanceof StateFailed) return error.failure;
  if (error instanceof EvaluationError) {
    return { error: STATES_ERRORS.queryEvaluation, cause: error.message };
  }
  throw error;
}
