/**
 * What a million messages, and a million orders, cost: counters of a run times a price table, item
 * by item.
 */
import type { Messages } from "../goals.ts";
import type { BenchResult, Design, DesignCounters } from "../result.ts";
import { BATCH_SIZE } from "../traffic.ts";
import { type PriceName, PRICES } from "./prices.ts";

/** What no counter says. Each is the same for all designs. */
export const ASSUMPTIONS = {
  /** From an order's placing to its delivery. */
  messagesOfOrder: 6,
  /** Of a store request, as a function in the same region sees it. */
  storeLatencyMs: 5,
  memoryMegabytes: 512,
  /** Lambda gives a whole processor at so much memory, and less in proportion. */
  wholeProcessorMegabytes: 1_769,
  /** SQS requests of one batch: it is sent, received and deleted as one. */
  queueRequestsOfBatch: 3,
  /** An invocation's own work beside waiting for its store, one message or request each. */
  invocationMs: 5,
  /** Of a request to the payment provider; an order has two. */
  providerLatencyMs: 200,
} as const;

export type CostItem = {
  readonly name: string;
  readonly price: PriceName;
  /** Of one message, or of one order. */
  readonly amount: number;
};

export type CostOf = { readonly items: readonly CostItem[]; readonly usdPerMillion: number };

export function messageCost(result: BenchResult, design: Design, m: Messages): CostOf {
  const counters = result.designs[design][m === 10 ? "ten" : "one"];
  return summed([
    {
      name: "queue: sent, received, deleted",
      price: "queueRequest",
      amount: ASSUMPTIONS.queueRequestsOfBatch / BATCH_SIZE,
    },
    { name: "function: invoked", price: "invocation", amount: 1 / BATCH_SIZE },
    {
      name: "function: running",
      price: "gigabyteSecond",
      amount: gigabyteSeconds(result, counters, design, m),
    },
    { name: "table: written", price: "writeUnit", amount: counters.writeUnits },
    { name: "table: read", price: "readUnit", amount: counters.readUnits },
  ]);
}

/** @param transitions of the saga on its way to a paid order, which both designs have. */
export function orderCost(message: CostOf, transitions: number): CostOf {
  const { messagesOfOrder } = ASSUMPTIONS;
  return summed([
    { name: "API: placed", price: "apiRequest", amount: 1 },
    { name: "saga: Step Functions Standard", price: "transition", amount: transitions },
    ...message.items.map((item) => ({ ...item, amount: item.amount * messagesOfOrder })),
  ]);
}

export const usdPerMillion = ({ price, amount }: CostItem): number =>
  (amount * PRICES[price].usd * 1_000_000) / PRICES[price].per;

const summed = (items: readonly CostItem[]): CostOf => ({
  items,
  usdPerMillion: items.reduce((sum, item) => sum + usdPerMillion(item), 0),
});

/** Waiting for the store, and the processor's time as row 6 measured it. */
function gigabyteSeconds(
  { rows }: BenchResult,
  { waitsPerBatch }: DesignCounters,
  design: Design,
  m: Messages,
): number {
  const { storeLatencyMs, memoryMegabytes, wholeProcessorMegabytes } = ASSUMPTIONS;
  const row = rows.find((one) => one.row === 6 && one.m === m);
  if (row?.powertools === undefined || row.powertools === null) {
    throw new Error(`The result has no row 6 for m = ${m}: run npm run bench -- --json PATH`);
  }
  const isOurs = design === "fold" || design === "effects";
  const micros = isOurs ? row.ours : row.powertools;
  const slower = wholeProcessorMegabytes / memoryMegabytes;
  const seconds =
    (waitsPerBatch * storeLatencyMs) / 1_000 / BATCH_SIZE + (micros / 1_000_000) * slower;
  return seconds * (memoryMegabytes / 1_024);
}

type State = { readonly Type: string; readonly Next?: string };

/** States that an order passes when nothing goes wrong; Step Functions bills each. */
export function happyTransitions(definition: {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}): number {
  const { StartAt, States } = definition;
  const passed = new Set<string>();
  for (let name: string | undefined = StartAt; name !== undefined && !passed.has(name); ) {
    passed.add(name);
    name = States[name]?.Next;
  }
  // Its own start counts as one, too.
  return passed.size + 1;
}
