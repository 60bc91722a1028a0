/**
 * What the runs of the simulator answer: printed for a person, written by `--json`, and the source
 * of docs/proof.md.
 */
import type { HandWritten } from "#simulation/catalogue";
import type { Coverage } from "#simulation/coverage";
import type { FaultName } from "#simulation/scenario";
import type { FoundBreach, InvariantTotals, Totals } from "#simulation/totals";
import type { Provenance } from "./provenance.ts";

/** A breach, made as small as it could be. */
export type SmallestBreach = {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  readonly decisionsMax: number;
  readonly invariant: number;
  readonly detail: string;
  readonly trace: readonly string[];
  /** The one command that shows it again. */
  readonly command: string;
};

export type ScenarioReport = {
  readonly scenario: string;
  readonly totals: Totals;
  readonly coverage: Coverage;
  readonly smallest?: SmallestBreach;
};

export type RunReport = {
  readonly kind: "run" | "canary";
  readonly provenance: Provenance;
  readonly seconds: number;
  readonly firstSeed: number;
  /** Of each scenario. */
  readonly schedules: number;
  /** Absent: drawn by each seed. */
  readonly faults?: readonly FaultName[];
  readonly decisionsMax?: number;
  readonly scenarios: readonly ScenarioReport[];
};

export type BugReport = {
  readonly name: string;
  readonly what: string;
  /** Seeds that were run, the one that found it included. */
  readonly seeds: number;
  readonly found?: FoundBreach;
};

export type PlantedReport = {
  readonly kind: "planted";
  readonly provenance: Provenance;
  readonly seconds: number;
  readonly firstSeed: number;
  readonly seedsMax: number;
  readonly bugs: readonly BugReport[];
};

/** One subject under one fault. */
export type Side = {
  readonly schedules: number;
  readonly fired: number;
  readonly broken: number;
  readonly invariants: Readonly<Record<string, InvariantTotals>>;
};

export type ComparedFault = {
  /** `none`, the name of the one fault, or `all` of them at once. */
  readonly fault: string;
  readonly peer: Side;
  /** Absent: the product's scenario does not know the fault. */
  readonly product?: Side;
};

export type ComparisonReport = {
  readonly kind: "powertools";
  readonly provenance: Provenance;
  readonly seconds: number;
  readonly firstSeed: number;
  /** Of each subject under each fault. */
  readonly schedules: number;
  readonly rows: readonly ComparedFault[];
  readonly byHand: readonly HandWritten[];
};

export type Report = RunReport | PlantedReport | ComparisonReport;

/** Half of them are found with no more seeds than this; those never found count as the most. */
export function medianSeeds(bugs: readonly BugReport[]): number {
  const seeds = bugs.map((bug) => bug.seeds).sort((one, other) => one - other);
  return seeds[Math.floor((seeds.length - 1) / 2)] ?? 0;
}
