/**
 * What one batch did, as plain counts: the function turns them into metrics, tests and benchmarks gate on them.
 */
import type { ViolationKind } from "./violation.ts";

export type ConsumerReport = {
  readonly applied: number;
  readonly duplicates: number;
  /** Parked now because a predecessor is missing. */
  readonly early: number;
  /** Applied now after having waited parked. */
  readonly released: number;
  /** Parked now behind a halt. */
  readonly parkedBehindHalt: number;
  /** Streams halted by this batch. */
  readonly halted: number;
  readonly undecodable: number;
  /** Returned to the queue because they are not durable. */
  readonly returned: number;
  readonly violations: Readonly<Partial<Record<ViolationKind, number>>>;
  /** Store requests made. */
  readonly reads: number;
  readonly writes: number;
};
