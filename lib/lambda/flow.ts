/**
 * What is published as `inorder/flow`: retries, a circuit breaker, locks and compensation, and what
 * they share in DynamoDB.
 */
export {
  type AcquireAnswer,
  type Attention,
  type CircuitBreaker,
  circuitBreaker,
  type CircuitBreakerEvent,
  type CircuitBreakerOptions,
  type CircuitBreakerSettings,
  type CompensatedRuns,
  compensatedRuns,
  type CompensationEvent,
  type CompensationOptions,
  type CompensationSettings,
  type DistributedLock,
  distributedLock,
  type ForwardCall,
  type HeldLock,
  type Lease,
  type LockEvent,
  type LockLoss,
  type LockOptions,
  type LockSettings,
  type LockStore,
  type RecordAnswer,
  type RecordStore,
  retry,
  retryBudget,
  type RetryBudget,
  type RetryBudgetSettings,
  type RetryEnd,
  type RetryEvent,
  type RetryOptions,
  type RetrySettings,
  type RunCause,
  type RunOutcome,
  type Step,
  type StepCall,
  type StepFailed,
  takesToken,
  type UndoCall,
  type VersionedRecord,
} from "#messaging/flow/index";
export { type FencedWrite, fencedWrite, stillHeld } from "#adapters/aws/dynamodb/fencing";
export { dynamoLockStore, type LockStoreProps } from "#adapters/aws/dynamodb/lock-store";
export { dynamoRecordStore, type RecordStoreProps } from "#adapters/aws/dynamodb/record-store";
