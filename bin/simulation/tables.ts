/**
 * The tables that a run is shown in, on a terminal and in docs/proof.md alike.
 */
import type { Applied, HandWritten, Performed } from "#simulation/catalogue";
import type { Coverage } from "#simulation/coverage";
import type { InvariantTotals, Totals } from "#simulation/totals";
import { count, type Table } from "./columns.ts";
import { invariantWords } from "./invariant-words.ts";
import type { BugReport, ComparedFault, Side } from "./reports.ts";

export function faultTable(totals: Totals, coverage: Coverage): Table {
  return {
    headings: ["fault", "schedules", "fired", "breaches"],
    rows: coverage.faults.map(({ name, count: fired }) => {
      const { schedules = 0, breaches = 0 } = totals.faults[name] ?? {};
      return [name, count(schedules), count(fired), count(breaches)];
    }),
  };
}

export const branchTable = (coverage: Coverage): Table => ({
  headings: ["branch", "reached"],
  rows: coverage.branches.map(({ name, count: reached }) => [name, count(reached)]),
});

export const invariantTable = ({ invariants }: Totals): Table => ({
  headings: ["invariant", "schedules", "first seed"],
  rows: byNumber(invariants).map(([label, { schedules, firstSeed }]) => [
    invariantWords(label),
    count(schedules),
    String(firstSeed),
  ]),
});

export const bugTable = (bugs: readonly BugReport[]): Table => ({
  headings: ["bug", "what is wrong", "seeds to find", "invariant"],
  rows: bugs.map(({ name, what, seeds, found }) => [
    name,
    what,
    found === undefined ? `not in ${count(seeds)}` : count(seeds),
    found === undefined ? "" : invariantWords(String(found.invariant)),
  ]),
});

/** @param peer how the other library is called */
export const comparisonTable = (rows: readonly ComparedFault[], peer: string): Table => ({
  headings: [
    "fault",
    `fired, ${peer}`,
    `broken, ${peer}`,
    "invariants and first seed",
    "fired, Inorder",
    "broken, Inorder",
  ],
  rows: rows.map(({ fault, peer: theirs, product }) => [
    fault,
    count(theirs.fired),
    `${count(theirs.broken)} of ${count(theirs.schedules)}`,
    brokenInvariants(theirs),
    product === undefined ? "not known" : count(product.fired),
    product === undefined ? "" : `${count(product.broken)} of ${count(product.schedules)}`,
  ]),
});

export const byHandTable = (schedules: readonly HandWritten[], peer: string): Table => ({
  headings: ["what goes wrong", "applied, as it should be", peer, "Inorder"],
  rows: schedules.map(({ what, right, peer: theirs, product }) => [
    what,
    appliedText(right),
    performedText(theirs, right),
    performedText(product, right),
  ]),
});

function performedText({ applied, deadLettered }: Performed, right: Applied): string {
  const text = appliedText(applied);
  const dead = deadLettered === 0 ? "" : `, ${deadLettered} dead-lettered`;
  return `${text === appliedText(right) ? "so" : text}${dead}`;
}

/** `a: 1 2; b: 1`. */
export const appliedText = (applied: Applied): string =>
  Object.entries(applied)
    .map(([stream, sequences]) => `${stream}: ${sequences.join(" ")}`)
    .toSorted()
    .join("; ");

const brokenInvariants = ({ invariants }: Side): string =>
  byNumber(invariants)
    .map(([label, { schedules, firstSeed }]) => {
      return `${label}: ${count(schedules)}, first ${firstSeed}`;
    })
    .join("; ");

const byNumber = (
  invariants: Totals["invariants"],
): readonly (readonly [label: string, totals: InvariantTotals])[] =>
  Object.entries(invariants).sort(
    ([one], [other]) => Number.parseInt(one, 10) - Number.parseInt(other, 10),
  );
