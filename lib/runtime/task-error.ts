/**
 * The name under which a task's error reaches the workflow that runs it.
 */
import { SAGA_ERRORS } from "#contracts/saga";
import { type Failure, type FailureCode, isFailure } from "#kernel/failure";

/**
 * What a workflow's `ErrorEquals` sees: Lambda hands on an error's `name` and `message`. Unexpected
 * errors are `Transient`: every task may be repeated, and the workflow's retries are bounded.
 */
export function taskError(error: unknown): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  const named = new Error(isFailure(cause) ? cause.message : "The task failed unexpectedly.", {
    cause,
  });
  named.name = isFailure(cause) ? errorName(cause) : SAGA_ERRORS.transient;
  return named;
}

const NAMES: Partial<Record<FailureCode, string>> = {
  "out-of-stock": SAGA_ERRORS.outOfStock,
  "payment-declined": SAGA_ERRORS.paymentDeclined,
  "payment-refused": SAGA_ERRORS.paymentRefused,
  "step-cancelled": SAGA_ERRORS.stepCancelled,
  "hold-expired": SAGA_ERRORS.holdExpired,
  "order-not-open": SAGA_ERRORS.orderNotOpen,
  "cancel-requested": SAGA_ERRORS.cancelRequested,
  "review-needed": SAGA_ERRORS.reviewNeeded,
  "review-over": SAGA_ERRORS.reviewOver,
  "review-declined": SAGA_ERRORS.reviewDeclined,
  "outcome-pending": SAGA_ERRORS.outcomePending,
};

/** All codes without a name of their own go by what to do next. */
const errorName = ({ code, action }: Failure): string =>
  NAMES[code] ?? (action === "retry" ? SAGA_ERRORS.transient : SAGA_ERRORS.refused);
