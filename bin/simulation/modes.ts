/**
 * What each kind of run does, answers and ends with.
 */
import { availableParallelism } from "node:os";
import { type Catalogue, plantedName } from "#simulation/catalogue";
import { type Output, type Phases, phasesOn } from "../operator/progress.ts";
import { type Chosen, chosenScenarios, requireFaults } from "./choice.ts";
import { compare } from "./compare.ts";
import { findPlanted } from "./find-planted.ts";
import type { Mode, SimulateOptions } from "./options.ts";
import { printedComparison, printedPlanted, printedRun } from "./printed.ts";
import { provenance } from "./provenance.ts";
import type { ComparisonReport, PlantedReport, Report, RunReport } from "./reports.ts";
import { runScenario } from "./run-schedules.ts";
import { appliedText } from "./tables.ts";
import { openThreads, type Threads } from "./threads.ts";

export const EXIT = { right: 0, wrong: 1, usage: 2, invalid: 3 } as const;

export type Subjects = {
  readonly catalogue: Catalogue;
  /** The module that exports it, for the threads. */
  readonly catalogueUrl: URL;
};

export type Outcome = {
  readonly report: Report;
  readonly text: string;
  readonly exitCode: number;
};

type Task = {
  readonly options: SimulateOptions;
  readonly catalogue: Catalogue;
  /** Opens the threads for a piece of work, and says how long it took. */
  readonly onThreads: OnThreads;
};

type OnThreads = <Result>(
  work: (threads: Threads, phases: Phases) => Promise<Result>,
) => Promise<{ readonly result: Result; readonly made: Pick<Report, "provenance" | "seconds"> }>;

/** @throws UsageError for names that the catalogue does not know */
export async function runMode(
  mode: Exclude<Mode, "proof">,
  options: SimulateOptions,
  { catalogue, catalogueUrl }: Subjects,
  stderr: Output,
): Promise<Outcome> {
  const count = options.threads ?? availableParallelism();
  const task = { options, catalogue, onThreads: threadsOn(catalogueUrl, count, stderr) };
  switch (mode) {
    case "run":
      return await schedules("run", await chosenScenarios(catalogue, options), task);
    case "canary":
      return await schedules("canary", [await canary(catalogue)], task);
    case "planted":
      return await planted(task);
    case "powertools":
      return await comparison(task);
    default:
      return mode satisfies never;
  }
}

async function schedules(
  kind: RunReport["kind"],
  chosen: readonly Chosen[],
  { options, onThreads }: Task,
): Promise<Outcome> {
  const { schedules: count, seed: firstSeed, faults, decisionsMax } = options;
  const bounds = {
    ...(faults === undefined ? {} : { faults }),
    ...(decisionsMax === undefined ? {} : { decisionsMax }),
  };
  const { result: scenarios, made } = await onThreads(async (threads, phases) => {
    const reports = [];
    for (const one of chosen) {
      const batch = { firstSeed, count, ...bounds };
      reports.push(await runScenario(threads, one, batch, phases.begin(one.name)));
    }
    return reports;
  });
  const report: RunReport = { kind, ...made, firstSeed, schedules: count, ...bounds, scenarios };
  const isBroken = scenarios.some(({ totals }) => totals.broken > 0);
  const isInvalid = kind === "run" && scenarios.some((one) => one.coverage.missing.length > 0);
  const unbroken = isInvalid ? EXIT.invalid : EXIT.right;
  return { report, text: printedRun(report), exitCode: isBroken ? EXIT.wrong : unbroken };
}

async function canary(catalogue: Catalogue): Promise<Chosen> {
  const [bug] = await catalogue.planted();
  if (bug === undefined) throw new Error("no bug is planted: there is no canary");
  return { scenario: bug.scenario, name: plantedName(bug) };
}

async function planted({ options, catalogue, onThreads }: Task): Promise<Outcome> {
  const { schedules: seedsMax, seed: firstSeed } = options;
  const all = await catalogue.planted();
  if (all.length === 0) throw new Error("no bug is planted: there is nothing to find");
  const { result: bugs, made } = await onThreads((threads, phases) => {
    const seeds = { firstSeed, count: seedsMax };
    return findPlanted(threads, all, seeds, phases.begin("planted bugs"));
  });
  const report: PlantedReport = { kind: "planted", ...made, firstSeed, seedsMax, bugs };
  const isRight = bugs.every((bug) => bug.found !== undefined);
  return { report, text: printedPlanted(report), exitCode: isRight ? EXIT.right : EXIT.wrong };
}

async function comparison({ options, catalogue, onThreads }: Task): Promise<Outcome> {
  const { schedules: count, seed: firstSeed, faults } = options;
  const compared = await catalogue.comparison();
  const { peer } = compared;
  if (faults !== undefined) requireFaults(faults, [{ scenario: peer, name: peer.name }]);
  const byHand = await compared.byHand();
  const { result: rows, made } = await onThreads((threads, phases) => {
    const seeds = { firstSeed, count, ...(faults === undefined ? {} : { asked: faults }) };
    return compare(threads, compared, seeds, phases.begin("comparison"));
  });
  const report: ComparisonReport = {
    kind: "powertools",
    ...made,
    firstSeed,
    schedules: count,
    rows,
    byHand,
  };
  const isBroken =
    rows.some((row) => (row.product?.broken ?? 0) > 0) ||
    byHand.some(({ right, product }) => appliedText(product.applied) !== appliedText(right));
  return { report, text: printedComparison(report), exitCode: isBroken ? EXIT.wrong : EXIT.right };
}

const threadsOn =
  (catalogueUrl: URL, count: number, stderr: Output): OnThreads =>
  async (work) => {
    const threads = openThreads({ catalogueUrl, count });
    const phases = phasesOn(stderr, () => performance.now());
    const startedAtMs = performance.now();
    try {
      const result = await work(threads, phases);
      const seconds = Math.round((performance.now() - startedAtMs) / 100) / 10;
      return { result, made: { provenance: provenance(count), seconds } };
    } finally {
      phases.end();
      await threads.close();
    }
  };
