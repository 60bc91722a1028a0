/**
 * Writes docs/proof.md from what the runs answered, so that no number in it is typed by hand.
 */
import { count, markdownTable, seedRange, span } from "./columns.ts";
import type { ProofSources } from "./proof-sources.ts";
import type { Provenance } from "./provenance.ts";
import {
  type ComparedFault,
  type ComparisonReport,
  medianSeeds,
  type PlantedReport,
  type RunReport,
  type ScenarioReport,
} from "./reports.ts";
import {
  bugTable,
  branchTable,
  byHandTable,
  comparisonTable,
  faultTable,
  invariantTable,
} from "./tables.ts";

export function proofDocument({ run, planted, comparison }: ProofSources): string {
  const blocks = [
    "# Proof by simulation",
    `Date: ${run.provenance.date}`,
    "Written by `npm run simulate -- --proof`; do not edit it. The consumer of `lib/messaging` " +
      "runs unchanged in one process, on a virtual clock, between models of SQS FIFO, the event " +
      "source mapping, Lambda and DynamoDB. A seed decides everything. The invariants, whose " +
      "numbers are those of [semantics.md](semantics.md), are checked after every step.",
    ...runBlocks(run),
    ...plantedBlocks(planted),
    ...comparisonBlocks(comparison),
    "## How to run it again",
    "```text\n" + commands({ run, planted, comparison }).join("\n") + "\n```",
  ];
  return `${blocks.join("\n\n")}\n`;
}

function runBlocks(run: RunReport): readonly string[] {
  return [
    "## Every fault, every seed",
    `Each of ${seedRange(run.firstSeed, run.schedules)}; ${made(run.provenance)}; ` +
      `${span(run.seconds * 1000)} on ${run.provenance.threads} threads, so ${pace(run)}.`,
    ...run.scenarios.flatMap(scenarioBlocks),
  ];
}

/** As many as every run of the tests has. */
const PACE_OF = 20_000;

function pace({ seconds, schedules, scenarios }: RunReport): string {
  const each = seconds / Math.max(1, schedules * scenarios.length);
  return `${count(PACE_OF)} schedules take ${span(each * PACE_OF * 1000)}`;
}

function scenarioBlocks({ scenario, totals, coverage, smallest }: ScenarioReport): string[] {
  const { schedules, steps, virtualMs, applied, broken } = totals;
  const verdict = broken === 0 ? "No schedule broke an invariant." : "**Invariants broke.**";
  const validity =
    coverage.missing.length === 0
      ? `Each fault and each branch came up ${count(coverage.minimum)} times or more.`
      : `**The run is not valid**: under ${count(coverage.minimum)} times came ` +
        `${coverage.missing.map(({ name }) => `\`${name}\``).join(", ")}.`;
  return [
    `### ${scenario}`,
    `${verdict} ${coverage.isJudged ? validity : "Too few schedules to judge their coverage."}`,
    block({
      headings: ["measure", "value"],
      rows: [
        ["schedules", count(schedules)],
        ["breaches", count(broken)],
        ["virtual time", span(virtualMs)],
        ["messages applied", count(applied)],
        ["steps, mean of a schedule", count(Math.round(steps / Math.max(1, schedules)))],
      ],
    }),
    ...(broken === 0 ? [] : [block(invariantTable(totals))]),
    ...(smallest === undefined ? [] : [`The first, made small: \`${smallest.command}\``]),
    "A breach is counted under each fault that took effect in its schedule.",
    block(faultTable(totals, coverage)),
    "What must happen now and then, or a run says little:",
    block(branchTable(coverage)),
  ];
}

function plantedBlocks(planted: PlantedReport): readonly string[] {
  const { bugs, firstSeed, seedsMax, provenance } = planted;
  const found = bugs.filter((bug) => bug.found !== undefined).length;
  return [
    "## The simulator is tested too",
    `Wrong variants of the consumer and its stores, each run from seed ${firstSeed} on until an ` +
      `invariant breaks, ${count(seedsMax)} seeds at most; ${made(provenance)}. ` +
      `Found: ${found} of ${bugs.length}, the median after ${count(medianSeeds(bugs))} seeds.`,
    block(bugTable(bugs)),
  ];
}

function comparisonBlocks(comparison: ComparisonReport): readonly string[] {
  const { rows, byHand, firstSeed, schedules, provenance } = comparison;
  const keeps = faultNames(rows, ({ peer }) => peer.broken === 0);
  return [
    "## Stock Powertools in the same simulator",
    "Batch processor and idempotency of Powertools for AWS Lambda, set up for FIFO queues as its " +
      `documentation recommends; ${seedRange(firstSeed, schedules)} for each row, the same seeds ` +
      `for both; ${made(provenance)}. \`none\` is a run without faults, \`all\` one with all of ` +
      "these at once; every other row has one fault alone.",
    block(comparisonTable(rows, "Powertools")),
    "`1: 7, first 19` reads: invariant 1 broke in 7 schedules, first in that of seed 19. Of " +
      "invariant 2, `once` is a message that was applied twice, `kept` one that was lost.",
    `Powertools kept every invariant under: ${keeps}.`,
    "Schedules written by hand, for what its documentation and its source say of it: the same " +
      "moment goes wrong for both, and nothing else. `so` is as it should be; `s0: 1 1 2` says " +
      "that the first message of stream s0 took effect twice.",
    block(byHandTable(byHand, "Powertools")),
  ];
}

function faultNames(
  rows: readonly ComparedFault[],
  isMeant: (row: ComparedFault) => boolean,
): string {
  const names = rows.filter(isMeant).map(({ fault }) => `\`${fault}\``);
  return names.length === 0 ? "none" : names.join(", ");
}

function commands({ run, planted, comparison }: ProofSources): readonly string[] {
  return [
    `npm run simulate -- --seed ${run.firstSeed} --schedules ${run.schedules}`,
    `npm run simulate -- --planted --seed ${planted.firstSeed} --schedules ${planted.seedsMax}`,
    `npm run simulate -- --powertools --seed ${comparison.firstSeed} ` +
      `--schedules ${comparison.schedules}`,
  ];
}

function made({ commit, isCommitted, date, node, cores }: Provenance): string {
  const changes = isCommitted ? "" : " with uncommitted changes";
  return `commit \`${commit.slice(0, 12)}\`${changes}, ${date}, Node ${node}, ${cores} cores`;
}

const block = (table: Parameters<typeof markdownTable>[0]): string =>
  markdownTable(table).join("\n");
