/**
 * The report for a person: one screen, plain text, at most 100 columns.
 */
import type { ReplayReport } from "#contracts/report";
import type { Percentiles } from "./percentiles.ts";
import { isTourRight, tourLines, wrongSteps } from "./tour/tour-table.ts";

type Row = readonly [name: string, value: string, note?: string];

const WRONG_SHOWN_MAX = 10;
const WIDTH = 100;

export function reportTable(report: ReplayReport): string {
  const sections: readonly (readonly [string, readonly Row[]])[] = [
    ["Result", resultRows(report)],
    ["Money and stock", moneyRows(report)],
    ["Messages", messageRows(report)],
    ["Times", timeRows(report)],
    ["Requests and writes", counterRows(report)],
    ["Phases", report.phases.map(({ name, seconds }) => [name, `${seconds.toFixed(1)} s`])],
  ];
  const names = sections.flatMap(([, rows]) => rows.map(([name]) => name.length));
  return [
    ...sections.flatMap(([title, rows]) => [title, ...linesOf(rows, Math.max(...names)), ""]),
    ...["The rest of the shop, step by step", ...tourLines(report.tour), ""],
    verdict(report),
    ...wrongLines(report),
  ].join("\n");
}

const resultRows = ({ totals }: ReplayReport): readonly Row[] => [
  ["orders", count(totals.orders)],
  ["wrong orders", count(totals.wrongOrders), "0 is right"],
  ["oversold units", count(totals.oversoldUnits), "0 is right"],
  ["declined payments", count(totals.declined), "rejected, stock released, nothing captured"],
  ["orders with an anomaly", count(totals.anomalies), "a step stamped before an earlier one"],
  ["halted streams", count(totals.halted)],
  ...(totals.resolved === 0
    ? []
    : [["resolved streams", count(totals.resolved), "by an operator's decision"] as const]),
];

const moneyRows = ({ money }: ReplayReport): readonly Row[] => [
  ["payments - refunds", `${count(money.payments)} - ${count(money.refunds)}`, "minor units"],
  ["paid orders, what was paid back left out", count(money.paidOrders), "the same"],
  ["ledger", money.ledgerBalanced ? "balanced" : "NOT balanced"],
  ["units in stock or sold", count(money.inStockAndSold)],
  ["units loaded", count(money.loaded), "the same"],
];

const messageRows = ({ totals }: ReplayReport): readonly Row[] => [
  ["webhooks accepted", count(totals.messagesSent)],
  ["applied", count(totals.messagesApplied), "each once, in the sender's order"],
  ["duplicates dropped", count(totals.duplicatesDropped)],
  ["held and released", count(totals.heldAndReleased), "came before their predecessor"],
];

const timeRows = ({ api, messageToApplied, throughput }: ReplayReport): readonly Row[] => [
  ["API request", spread(api), "by the client"],
  ["accepted to applied", spread(messageToApplied.direct), "by the server"],
  ["the same, held ones", spread(messageToApplied.held), "waiting for the gap included"],
  [
    "throughput",
    `${throughput.ordersPerSecond.toFixed(1)} orders/s`,
    "placed to last report applied",
  ],
  ["", `${throughput.messagesPerSecond.toFixed(1)} messages/s`],
];

const counterRows = ({ totals, counters }: ReplayReport): readonly Row[] => [
  ["HTTP requests", count(totals.requests), "by the functions' metrics, at least once"],
  ["reads to place an order", shown(counters.placeReadsPerOrder)],
  ["writes to place an order", shown(counters.placeWritesPerOrder)],
  ["reads per stream and batch consumed", shown(counters.consumerReadsPerStream)],
  ["writes per stream and batch consumed", shown(counters.consumerWritesPerStream)],
  ["saga's state transitions", count(counters.sagaTransitionsHappyPath), "happy path"],
];

/** Values of one section stand under each other; another section's may be much longer. */
function linesOf(rows: readonly Row[], nameWidth: number): readonly string[] {
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([name, value, note = ""]) =>
    `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}  ${note}`.trimEnd(),
  );
}

/** Every order and every step of the tour is right, nothing was oversold, and the books agree. */
export const isRight = ({ totals, money, tour }: ReplayReport): boolean =>
  totals.wrongOrders === 0 &&
  totals.oversoldUnits === 0 &&
  money.wrong.length === 0 &&
  isTourRight(tour);

function verdict(report: ReplayReport): string {
  const { totals, money, tour } = report;
  if (isRight(report)) {
    return `All ${count(totals.orders)} orders ended as they must, and every step of the tour.`;
  }
  return [
    `WRONG: ${count(totals.wrongOrders)} of ${count(totals.orders)} orders, ` +
      `${count(totals.oversoldUnits)} units oversold.`,
    ...money.wrong.map((wrong) => `  ${wrong}`),
    ...wrongSteps(tour).map(({ step }) => `  the step "${step}" of the tour`),
  ].join("\n");
}

function wrongLines({ orders }: ReplayReport): readonly string[] {
  const wrong = orders.filter((order) => order.wrong.length > 0);
  const lines = wrong
    .slice(0, WRONG_SHOWN_MAX)
    .flatMap((order) => [`  ${order.externalReference} ${order.orderId}`, ...reasons(order.wrong)]);
  const more = wrong.length - WRONG_SHOWN_MAX;
  return more > 0 ? [...lines, `  and ${more} more; --report PATH has all of them`] : lines;
}

const reasons = (wrong: readonly string[]): readonly string[] =>
  wrong.map((reason) => `    ${shortened(reason)}`);

const shortened = (text: string): string =>
  text.length <= WIDTH - 4 ? text : `${text.slice(0, WIDTH - 7)}...`;

const count = (value: number): string => value.toLocaleString("en-US");

const shown = (value: number): string => value.toFixed(2);

function spread({ p50, p99 }: Percentiles): string {
  if (p50 === undefined || p99 === undefined) return "none";
  return `p50 ${duration(p50)}, p99 ${duration(p99)}`;
}

const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
