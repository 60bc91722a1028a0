/**
 * The results as a person reads them on a terminal.
 */
import { JUDGED_FROM_SCHEDULES, type Coverage } from "#simulation/coverage";
import { count, plainTable, seedRange, span, type Table } from "./columns.ts";
import { invariantWords } from "./invariant-words.ts";
import {
  type ComparisonReport,
  medianSeeds,
  type PlantedReport,
  type RunReport,
  type ScenarioReport,
  type SmallestBreach,
} from "./reports.ts";
import {
  bugTable,
  branchTable,
  byHandTable,
  comparisonTable,
  faultTable,
  invariantTable,
} from "./tables.ts";

const TRACE_LINES_MAX = 200;
/** A line may hold a whole head; `--json` has all of it. */
const TRACE_COLUMNS_MAX = 160;

export function printedRun(report: RunReport): string {
  const parts = report.scenarios.map((one) => scenarioLines(one, report));
  return [...parts.flat(), runVerdict(report)].join("\n");
}

function scenarioLines(one: ScenarioReport, { firstSeed }: RunReport): readonly string[] {
  const { scenario, totals, coverage, smallest } = one;
  const { schedules, steps, virtualMs, applied, broken } = totals;
  return [
    `${scenario}: ${count(schedules)} schedules, ${seedRange(firstSeed, schedules)}`,
    `  virtual time ${span(virtualMs)}, ${count(applied)} messages applied, ` +
      `${count(Math.round(steps / schedules))} steps a schedule`,
    "",
    ...section(faultTable(totals, coverage)),
    ...(coverage.branches.length === 0 ? [] : section(branchTable(coverage))),
    ...coverageLines(coverage),
    `${count(broken)} of ${count(schedules)} schedules broke an invariant.`,
    "",
    ...(broken === 0 ? [] : section(invariantTable(totals))),
    ...(smallest === undefined ? [] : [...breachLines(smallest), ""]),
  ];
}

function coverageLines({ isJudged, minimum, missing }: Coverage): readonly string[] {
  if (!isJudged) {
    const from = count(JUDGED_FROM_SCHEDULES);
    return [`Too few schedules to say whether every fault and branch came up: ${from} are needed.`];
  }
  if (missing.length === 0) {
    return [
      `Every fault took effect and every branch was reached at least ${count(minimum)} times.`,
    ];
  }
  const names = missing.map(({ name, count: times }) => `${name} (${count(times)})`).join(", ");
  return [`INVALID: under the minimum of ${count(minimum)} times: ${names}.`];
}

function breachLines(smallest: SmallestBreach): readonly string[] {
  const { seed, faults, decisionsMax, invariant, detail, trace, command } = smallest;
  const left = trace.length - TRACE_LINES_MAX;
  return [
    "BREACH, as small as it could be made",
    `  seed       ${seed}`,
    `  faults     ${faults.length === 0 ? "none" : faults.join(", ")}`,
    `  decisions  ${decisionsMax}`,
    `  invariant  ${invariantWords(String(invariant))}`,
    `  detail     ${detail}`,
    `  trace      ${trace.length} lines, virtual milliseconds first`,
    ...(left > 0 ? [`    (the first ${left} are left out; --json PATH has all)`] : []),
    ...trace.slice(-TRACE_LINES_MAX).map((line) => `    ${shortened(line)}`),
    "Run it again with",
    `  ${command}`,
  ];
}

const shortened = (line: string): string =>
  line.length <= TRACE_COLUMNS_MAX ? line : `${line.slice(0, TRACE_COLUMNS_MAX - 3)}...`;

function runVerdict({ kind, scenarios }: RunReport): string {
  const broken = scenarios.reduce((sum, { totals }) => sum + totals.broken, 0);
  if (kind === "canary") {
    return broken > 0
      ? "This was the canary, a bug planted on purpose: it was found, as it must be."
      : "This was the canary, a bug planted on purpose: it was NOT found; the simulator is blind.";
  }
  if (broken > 0) return `WRONG: ${count(broken)} schedules broke an invariant.`;
  const isInvalid = scenarios.some(({ coverage }) => coverage.missing.length > 0);
  return isInvalid ? "No breach, but the run is INVALID." : "No breach.";
}

export function printedPlanted({ bugs, firstSeed, seedsMax }: PlantedReport): string {
  const found = bugs.filter((bug) => bug.found !== undefined);
  return [
    `Planted bugs, ${seedRange(firstSeed, seedsMax)}, each until its first find`,
    "",
    ...section(bugTable(bugs)),
    `One alone: npm run simulate -- --scenario planted/BUG --seed ${firstSeed} --schedules N`,
    `median ${count(medianSeeds(bugs))} seeds`,
    `found ${found.length} / ${bugs.length}`,
  ].join("\n");
}

export function printedComparison({
  rows,
  byHand,
  firstSeed,
  schedules,
}: ComparisonReport): string {
  const breaking = rows.filter(({ peer }) => peer.broken > 0).map(({ fault }) => fault);
  const ours = rows.filter(({ product }) => (product?.broken ?? 0) > 0).map(({ fault }) => fault);
  const none = "none";
  return [
    `Stock Powertools beside the product, each fault alone, ${seedRange(firstSeed, schedules)}`,
    "",
    ...section(comparisonTable(rows, "powertools")),
    ...section(byHandTable(byHand, "powertools")),
    `Powertools breaks an invariant under: ${breaking.join(", ") || none}`,
    `the product breaks one under: ${ours.join(", ") || none}`,
  ].join("\n");
}

const section = (table: Table): readonly string[] => [...plainTable(table), ""];
