/**
 * The tables that a run is shown in, on a terminal and in docs/proof.md alike.
 */
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
