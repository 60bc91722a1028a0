/**
 * Parts that keep work whole when what it depends on fails, slows down or is shared. Each can be
 * used alone, with or without the ordered consumer. Their folders:
 *
 * - `retry`: repeats within a budget
 * - `circuit-breaker`: stops calling what fails, for all sandboxes at once
 * - `record`: where breakers and runs are stored
 */

// Retrying within a budget.
export { retry, type RetryEnd, type RetryEvent, type RetryOptions } from "./retry/retry.ts";
export type { RetrySettings } from "./retry/retry.ts";
export { retryBudget, type RetryBudget, type RetryBudgetSettings } from "./retry/retry-budget.ts";

// Not calling what fails.
export {
  type CircuitBreaker,
  circuitBreaker,
  type CircuitBreakerEvent,
  type CircuitBreakerOptions,
  type CircuitBreakerSettings,
} from "./circuit-breaker/circuit-breaker.ts";

// Where circuit breakers and compensated runs are stored.
export type { RecordAnswer, RecordStore, VersionedRecord } from "./record/record-store.ts";
