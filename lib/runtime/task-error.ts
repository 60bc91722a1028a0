/**
 * The name under which a task's error reaches the workflow that runs it.
 */
import { SAGA_ERRORS } from "#contracts/saga";
import { type ShortLine, withShort } from "#contracts/short-stock";
import { type Failure, type FailureCode, isFailure } from "#kernel/failure";

/**
 * What a workflow's `ErrorEquals` sees: Lambda hands on an error's `name` and `message`. Unexpected
 * errors are `Transient`: every task may be repeated, and the workflow's retries are bounded. What
 * an order was short of is in the message too: see `contracts/short-stock.ts`.
 */
export function taskError(error: unknown): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  const message = isFailure(cause)
    ? withShort(cause.message, shortIn(cause))
    : "The task failed unexpectedly.";
  const named = new Error(message, { cause });
  named.name = isFailure(cause) ? errorName(cause) : SAGA_ERRORS.transient;
  return named;
}

/** Of a SKU that is asked for in several places, once. */
function shortIn({ details }: Failure): readonly ShortLine[] {
  const short = details.flatMap(({ sku, requested, available }): ShortLine[] =>
    sku === undefined || requested === undefined ? [] : [{ sku, requested, available }],
  );
  return [...new Map(short.map((line) => [line.sku, line])).values()];
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
