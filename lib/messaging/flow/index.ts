/**
 * Parts that keep work whole when what it depends on fails, slows down or is shared. Each can be
 * used alone, with or without the ordered consumer. Their folders:
 *
 * - `retry`: repeats within a budget
 * - `circuit-breaker`: stops calling what fails, for all sandboxes at once
 * - `lock`: one holder at a time, with a fencing token
 * - `compensation`: steps that are undone in reverse order, wherever they were cut off
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

// One holder at a time.
export {
  type DistributedLock,
  distributedLock,
  type LockEvent,
  type LockOptions,
  type LockSettings,
} from "./lock/distributed-lock.ts";
export { takesToken } from "./lock/fencing.ts";
export type { HeldLock, LockLoss } from "./lock/held-lock.ts";
export type { AcquireAnswer, Lease, LockStore } from "./lock/lock-store.ts";

// Undoing what was done.
export {
  type CompensatedRuns,
  compensatedRuns,
  type CompensationEvent,
  type CompensationOptions,
  type CompensationSettings,
  type RunOutcome,
} from "./compensation/compensated-run.ts";
export type { StepFailed } from "./compensation/run-acts.ts";
export type { Attention, RunCause } from "./compensation/run-progress.ts";
export type { ForwardCall, Step, StepCall, UndoCall } from "./compensation/step.ts";

// Where circuit breakers and compensated runs are stored.
export type { RecordAnswer, RecordStore, VersionedRecord } from "./record/record-store.ts";
