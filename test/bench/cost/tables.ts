/**
 * The cost model as tables: each item beside the same item of the naive design.
 */
import type { Table } from "../../../bin/simulation/columns.ts";
import type { Messages } from "../goals.ts";
import type { BenchResult, Design } from "../result.ts";
import { type CostOf, messageCost, orderCost, usdPerMillion } from "./model.ts";
import { PRICES } from "./prices.ts";

const COLUMNS = [
  ["Inorder, fold, m=10", "fold", 10],
  ["m=1", "fold", 1],
  ["Inorder with events, m=10", "effects", 10],
  ["m=1", "effects", 1],
  ["Powertools, m=10", "powertools", 10],
  ["Powertools + outbox, m=10", "powertools-outbox", 10],
] as const satisfies readonly (readonly [string, Design, Messages])[];

export const messageTable = (result: BenchResult): Table =>
  tableOf(COLUMNS.map(([, design, m]) => messageCost(result, design, m)));

export const orderTable = (result: BenchResult, transitions: number): Table =>
  tableOf(COLUMNS.map(([, design, m]) => orderCost(messageCost(result, design, m), transitions)));

function tableOf(costs: readonly CostOf[]): Table {
  const names = costs[0]?.items.map(({ name }) => name) ?? [];
  return {
    headings: ["USD per million", ...COLUMNS.map(([heading]) => heading)],
    rows: [
      ...names.map((name, index) => [
        name,
        ...costs.map(({ items }) =>
          dollars(items[index] === undefined ? 0 : usdPerMillion(items[index])),
        ),
      ]),
      ["total", ...costs.map((cost) => dollars(cost.usdPerMillion))],
    ],
  };
}

export const priceTable = (): Table => ({
  headings: ["price", "USD", "for", "source"],
  rows: Object.values(PRICES).map(({ what, usd, per, source }) => [
    what,
    String(usd),
    per.toLocaleString("en"),
    source,
  ]),
});

const dollars = (usd: number): string => usd.toFixed(2);
