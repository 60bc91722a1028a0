/**
 * What a million orders cost the whole shop, from placing to delivery: what one order's run has
 * counted, times the price table, item by item.
 */
import type { Table } from "../../../bin/simulation/columns.ts";
import { ASSUMPTIONS, type CostItem, usdPerMillion } from "./model.ts";
import type { OrderRun, Part } from "./order-run.ts";

/** Placing, three reports of carriers and two of the payment provider. */
const API_REQUESTS = 6;
const PROVIDER_REQUESTS = 2;

/** @param transitions of the saga when nothing goes wrong */
export function shopOrderItems(run: OrderRun, transitions: number): readonly CostItem[] {
  const parts = Object.entries(run.parts);
  const all = (of: (part: Part) => number): number =>
    parts.reduce((sum, [, part]) => sum + of(part), 0);
  // The relay may be invoked for each record of the stream by itself.
  const invocations = all((part) => part.invocations) + run.relayed;
  return [
    { name: "API: requests", price: "apiRequest", amount: API_REQUESTS },
    { name: "saga: transitions", price: "transition", amount: transitions },
    ...parts.flatMap(([name, part]) => tableItems(name, part)),
    {
      name: "queues: sent, received, deleted",
      price: "queueRequest",
      amount: all((part) => part.messages) * ASSUMPTIONS.queueRequestsOfBatch,
    },
    { name: "bus: events", price: "busEvent", amount: run.published },
    { name: "functions: invoked", price: "invocation", amount: invocations },
    {
      name: "functions: running",
      price: "gigabyteSecond",
      amount: gigabyteSeconds(
        invocations,
        all((part) => part.requests),
      ),
    },
  ];
}

/** @param runs by the heading of their column */
export function shopOrderTable(
  runs: Readonly<Record<string, OrderRun>>,
  transitions: number,
): Table {
  const columns = Object.values(runs).map((run) => shopOrderItems(run, transitions));
  const [first = []] = columns;
  const isUsed = (index: number): boolean => columns.some((items) => items[index]?.amount !== 0);
  const total = (items: readonly CostItem[]): number =>
    items.reduce((sum, item) => sum + usdPerMillion(item), 0);
  return {
    headings: ["of an order", ...Object.keys(runs).flatMap((name) => [name, "USD per million"])],
    rows: [
      ...first.flatMap(({ name }, index) =>
        isUsed(index) ? [[name, ...columns.flatMap((items) => cells(items[index]))]] : [],
      ),
      ["total", ...columns.flatMap((items) => ["", total(items).toFixed(2)])],
    ],
  };
}

const cells = (item: CostItem | undefined): readonly [string, string] =>
  item === undefined
    ? ["", ""]
    : [String(Number(item.amount.toPrecision(3))), usdPerMillion(item).toFixed(2)];

const tableItems = (name: string, part: Part): readonly CostItem[] => [
  { name: `${name}: written`, price: "writeUnit", amount: part.writeUnits },
  { name: `${name}: indexes`, price: "writeUnit", amount: part.indexUnits },
  { name: `${name}: read`, price: "readUnit", amount: part.readUnits },
];

function gigabyteSeconds(invocations: number, storeRequests: number): number {
  const { storeLatencyMs, memoryMegabytes, invocationMs, providerLatencyMs } = ASSUMPTIONS;
  const ms =
    invocations * invocationMs +
    storeRequests * storeLatencyMs +
    PROVIDER_REQUESTS * providerLatencyMs;
  return (ms / 1_000) * (memoryMegabytes / 1_024);
}
