/**
 * What a scenario of the simulator is, and what one schedule of it answers.
 */

/** Kebab-case: `kill`, `lost-answer`, `duplicate-delivery`. */
export type FaultName = string;

export type Schedule = {
  readonly seed: number;
  /** Absent: the swarm draws a subset from the seed. */
  readonly faults?: readonly FaultName[];
  /** After so many decisions for a fault no more fire; the minimiser lowers it. */
  readonly decisionsMax?: number;
};

export type Breach = {
  readonly invariant: number;
  /** A word for which part of the invariant, where it says several things. */
  readonly part?: string;
  readonly detail: string;
  readonly step: number;
};

export type ScheduleResult = {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  readonly steps: number;
  readonly virtualMs: number;
  readonly applied: number;
  readonly decisions: number;
  /** How often each fault really took effect. */
  readonly fired: Readonly<Record<FaultName, number>>;
  /** "Sometimes" branches that were reached, and how often. */
  readonly branches: Readonly<Record<string, number>>;
  /** The first one. */
  readonly breach?: Breach;
  /** From a scenario that goes on behind the first: all of them, that one included. */
  readonly breaches?: readonly Breach[];
  /** Filled on a breach, or when it was asked for. */
  readonly trace: readonly string[];
};

export type Scenario = {
  readonly name: string;
  readonly faults: readonly FaultName[];
  readonly branches: readonly string[];
  run(schedule: Schedule): Promise<ScheduleResult>;
};
