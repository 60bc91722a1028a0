/**
 * What one batch did, as plain counts: the function turns them into metrics, tests and benchmarks
 * gate on them.
 *
 * Every record of the batch is counted once: records = (applied - released) + duplicates + early +
 * parkedBehindHalt + refused + undecodable + returned + late + decided.
 */
import type { ViolationKind } from "../violation/violation.ts";

export type ConsumerReport = {
  /** Applied now, whether they came with this batch or were waiting. */
  readonly applied: number;
  readonly duplicates: number;
  /** Parked now because a predecessor is missing. */
  readonly early: number;
  /** Applied now after having waited parked. */
  readonly released: number;
  /**
   * Parked now because their stream is halted (or draining), the message that halts it included.
   */
  readonly parkedBehindHalt: number;
  /** Streams halted by this batch. */
  readonly halted: number;
  /**
   * Dead-lettered: their sequence belongs to another message, or they came through another
   * partition.
   */
  readonly refused: number;
  /** Dead-lettered: no envelope. */
  readonly undecodable: number;
  /** Of a range that was left out, or from before the place where the stream was begun. */
  readonly late: number;
  /** Control messages, ticks included. */
  readonly decided: number;
  /** Sequences left out now, by decision or recovery. */
  readonly skipped: number;
  /** Streams that drained and run again. */
  readonly resumed: number;
  /** Returned to the queue because they are not durable. */
  readonly returned: number;
  /** Filed now, by kind. */
  readonly violations: Readonly<Partial<Record<ViolationKind, number>>>;
  /** Requests to the head store, failed ones included. */
  readonly reads: number;
  readonly writes: number;
  /** The longest commit, in milliseconds, its repetitions included. 0: none. */
  readonly commitMsMax: number;
  /** The most messages that one stream of the batch has parked now: how far it lags. */
  readonly lagMax: number;
  /**
   * The greatest age, in milliseconds, at which a message was applied: by its own `time`, else
   * since it was sent, or parked.
   */
  readonly ageMsMax: number;
};

type Peak = "commitMsMax" | "lagMax" | "ageMsMax";
type Count = Exclude<keyof ConsumerReport, "violations" | Peak>;

/** Counts up while a batch runs. */
export type Tally = {
  add(count: Count, by?: number): void;
  addViolation(kind: ViolationKind): void;
  /** Keeps the largest. */
  peak(peak: Peak, value: number): void;
  report(): ConsumerReport;
};

export function newTally(): Tally {
  const counts: Record<Count, number> = {
    applied: 0,
    duplicates: 0,
    early: 0,
    released: 0,
    parkedBehindHalt: 0,
    halted: 0,
    refused: 0,
    undecodable: 0,
    late: 0,
    decided: 0,
    skipped: 0,
    resumed: 0,
    returned: 0,
    reads: 0,
    writes: 0,
  };
  const peaks: Record<Peak, number> = { commitMsMax: 0, lagMax: 0, ageMsMax: 0 };
  const violations: Partial<Record<ViolationKind, number>> = {};
  return {
    add: (count, by = 1) => {
      counts[count] += by;
    },
    addViolation: (kind) => {
      violations[kind] = (violations[kind] ?? 0) + 1;
    },
    peak(peak, value) {
      peaks[peak] = Math.max(peaks[peak], value);
    },
    report: () => ({ ...counts, ...peaks, violations: { ...violations } }),
  };
}
