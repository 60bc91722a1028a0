/**
 * What the document of the proof is made from: the files that `--json` wrote. A long run may be
 * done in parts; those are put together here, when they fit.
 */
import { coverageOf } from "#simulation/coverage";
import { summed } from "#simulation/totals";
import { UsageError } from "../operator/start-options.ts";
import { seedRange } from "./columns.ts";
import type {
  ComparisonReport,
  PlantedReport,
  Report,
  RunReport,
  ScenarioReport,
} from "./reports.ts";

export type ProofSources = {
  readonly run: RunReport;
  readonly planted: PlantedReport;
  readonly comparison: ComparisonReport;
};

type SourceFile = { readonly path: string; readonly text: string };

/** Throws `UsageError` for a file that is none of them, and when one of the three is missing. */
export function proofSources(files: readonly SourceFile[]): ProofSources {
  const reports = files.map(reportIn);
  const runs = reports.filter((report): report is RunReport => report.kind === "run");
  return {
    run: joinedRuns(runs),
    planted: only(
      reports.filter((report) => report.kind === "planted"),
      "--planted",
    ),
    comparison: only(
      reports.filter((report) => report.kind === "powertools"),
      "--powertools",
    ),
  };
}

function reportIn({ path, text }: SourceFile): Report {
  const report = parsed(text) as Report | undefined;
  switch (report?.kind) {
    case "run":
      if (report.faults === undefined && report.decisionsMax === undefined) return report;
      throw new UsageError(
        `--from: ${path} is a run with chosen faults: run it again without --faults and ` +
          "--decisions-max.",
      );
    case "planted":
    case "powertools":
      return report;
    case "canary":
      throw new UsageError(`--from: ${path} is a canary, which proves nothing: leave it out.`);
    case undefined:
    default:
      throw new UsageError(
        `--from: ${path} is not what npm run simulate -- --json PATH writes: make it again.`,
      );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function only<One extends Report>(reports: readonly One[], mode: string): One {
  const [report, other] = reports;
  if (report !== undefined && other === undefined) return report;
  const found = reports.length === 0 ? "none" : String(reports.length);
  throw new UsageError(
    `--from needs one file of npm run simulate -- ${mode} --json PATH, found ${found}.`,
  );
}

function joinedRuns(runs: readonly RunReport[]): RunReport {
  const [first, ...rest] = [...runs].sort((one, other) => one.firstSeed - other.firstSeed);
  if (first === undefined) {
    throw new UsageError("--from needs a file of npm run simulate -- --json PATH, found none.");
  }
  return rest.reduce(joined, first);
}

function joined(one: RunReport, next: RunReport): RunReport {
  const here = seedRange(one.firstSeed, one.schedules);
  const there = seedRange(next.firstSeed, next.schedules);
  if (one.firstSeed + one.schedules !== next.firstSeed) {
    throw new UsageError(`--from: ${there} do not follow ${here}: run the missing ones.`);
  }
  if (one.provenance.commit !== next.provenance.commit) {
    throw new UsageError(`--from: ${here} and ${there} are of two commits: run them of one.`);
  }
  const isCommitted = one.provenance.isCommitted && next.provenance.isCommitted;
  return {
    ...next,
    provenance: { ...next.provenance, isCommitted },
    seconds: one.seconds + next.seconds,
    firstSeed: one.firstSeed,
    schedules: one.schedules + next.schedules,
    scenarios: one.scenarios.map((scenario) => {
      const same = next.scenarios.find((other) => other.scenario === scenario.scenario);
      if (same !== undefined && one.scenarios.length === next.scenarios.length) {
        return joinedScenarios(scenario, same);
      }
      throw new UsageError(`--from: ${here} and ${there} are of different scenarios.`);
    }),
  };
}

function joinedScenarios(one: ScenarioReport, other: ScenarioReport): ScenarioReport {
  const totals = summed([one.totals, other.totals]);
  const names = (rows: readonly { readonly name: string }[]): readonly string[] =>
    rows.map(({ name }) => name);
  const declared = { faults: names(one.coverage.faults), branches: names(one.coverage.branches) };
  const smallest = one.smallest ?? other.smallest;
  return {
    scenario: one.scenario,
    totals,
    coverage: coverageOf(totals, declared),
    ...(smallest === undefined ? {} : { smallest }),
  };
}
