// What one order uses on its way from placing to delivery, counted at the shop's own adapters: the
// gates of its hot paths, and that nothing counted is missing from what it costs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ORDER_EVENT_READERS } from "#contracts/events/order-events";
import { happyTransitions } from "../../bench/cost/model.ts";
import { type OrderRun, orderRun, type Part } from "../../bench/cost/order-run.ts";
import { paymentRun } from "../../bench/cost/payment-run.ts";
import { shopOrderItems } from "../../bench/cost/shop-order.ts";

let one: OrderRun;
let most: OrderRun;
const undone = paymentRun();

beforeAll(async () => {
  [one, most] = await Promise.all([orderRun(1), orderRun(90)]);
});

const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"] as const;

const part = (run: OrderRun, name: string): Part => {
  const found = run.parts[name];
  if (found === undefined) throw new Error(`Nothing was counted of ${name}`);
  return found;
};

const writesOf = ({ byOperation }: Part): number =>
  WRITES.reduce((sum, operation) => sum + (byOperation[operation] ?? 0), 0);

test.each(["placed", "saga: reserve", "saga: commit stock"])(
  "%s is one write request, whatever the number of lines",
  (name) => {
    for (const run of [one, most]) expect(writesOf(part(run, name))).toBe(1);
  },
);

test("placing reads once, and its prices are one batch", () => {
  expect(part(one, "placed").byOperation).toEqual({ BatchGetItem: 1, TransactWriteItems: 1 });
  expect(part(most, "placed").requests).toBe(2);
});

test("the stock of 90 lines is one transaction and needs no read", () => {
  expect(part(most, "saga: reserve").byOperation).toEqual({ TransactWriteItems: 1 });
});

test.each(["saga: authorise", "saga: capture"])("%s is two writes, intent and result", (name) => {
  expect(writesOf(part(one, name))).toBe(2);
  expect(writesOf(part(most, name))).toBe(2);
});

test.each([
  ["void", 2],
  ["void of nothing", 1],
  ["void of taken", 2],
  ["refund", 2],
] as const)("a %s is at most two writes: %d", async (name, writes) => {
  const counted = (await undone)[name];

  expect(WRITES.reduce((sum, one) => sum + (counted?.byOperation[one] ?? 0), 0)).toBe(writes);
});

test.each(["saga: begin", "saga: shipment", "saga: confirm"])(
  "%s is one query and at most one write",
  (name) => {
    expect(part(most, name).byOperation["Query"]).toBe(1);
    expect(writesOf(part(most, name))).toBeLessThanOrEqual(1);
  },
);

test("each event is one write of each of its readers", () => {
  for (const name of Object.keys(ORDER_EVENT_READERS)) {
    const { messages, byOperation } = part(one, `reader: ${name}`);
    // An effect outside claims its head before and settles it afterwards.
    const each = name === "saga-start" ? 2 : 1;
    expect([name, byOperation["PutItem"]]).toEqual([name, messages * each]);
  }
  expect(one.published).toBe(6);
});

test("a saga without trouble passes at most eight states", () => {
  const path = join(import.meta.dirname, "../../../stepfunctions/order-saga.asl.json");
  const saga = JSON.parse(readFileSync(path, "utf8")) as Parameters<typeof happyTransitions>[0];

  expect(happyTransitions(saga)).toBeLessThanOrEqual(8);
});

test("what was counted is what is paid for, item by item", () => {
  const items = shopOrderItems(one, 8);
  const amount = (price: string): number =>
    items.reduce((sum, item) => sum + (item.price === price ? item.amount : 0), 0);
  const all = (of: (counted: Part) => number): number =>
    Object.values(one.parts).reduce((sum, counted) => sum + of(counted), 0);

  expect(amount("writeUnit")).toBe(all(({ writeUnits, indexUnits }) => writeUnits + indexUnits));
  expect(amount("readUnit")).toBe(all(({ readUnits }) => readUnits));
  expect(amount("queueRequest")).toBe(3 * all(({ messages }) => messages));
  expect(amount("invocation")).toBe(all(({ invocations }) => invocations) + one.relayed);
  expect(amount("transition")).toBe(8);
  expect(amount("busEvent")).toBe(6);
});

test("the list's indexes are counted: two that move, and one that the watchdog looks at", () => {
  // By customer 6 times in place; by status new, moved four times, once in place; to watch in, out.
  expect(part(one, "reader: order-list").indexUnits).toBe(6 + (1 + 4 * 2 + 1) + 2);
});
