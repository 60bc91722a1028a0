// What carriers report of goods that have left: each order's units leave once, and nothing is lost.
import { expect, test } from "vitest";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import type { EpochMs } from "#kernel/units";
import { encode } from "#messaging";
import { commitStock } from "#services/inventory/commit-stock";
import { handOvers } from "#services/inventory/hand-overs";
import { releaseStock } from "#services/inventory/release-stock";
import { reserveStock } from "#services/inventory/reserve-stock";
import { shipStock } from "#services/inventory/ship-stock";

const now = 1_700_000_000_000 as EpochMs;
const orderId = "0123456789ABCDEFGHJKMNPQRS";

async function warehouse(isCommitted = true) {
  const stock = memoryStockStore();
  await stock.receive("chair", 5);
  await reserveStock(stock, { orderId, lines: [{ sku: "chair", quantity: 2 }] }, now);
  if (isCommitted) await commitStock(stock, { orderId }, now);
  const asked: string[] = [];
  const warned: unknown[] = [];
  const consume = handOvers({
    async ship(id) {
      asked.push(id);
      return await shipStock(stock, { orderId: id }, now);
    },
    warn: (_message, { error }) => warned.push(error),
  });
  const level = async () => (await stock.levels(["chair"]))[0];
  return { stock, consume, asked, warned, level };
}

const reported = (sequence: number, report: string, status: string) => ({
  receiptId: `receipt-${sequence}`,
  group: "none",
  body: encode({
    specversion: "1.0",
    id: `${orderId}#${sequence}`,
    source: ORDER_EVENT_SOURCE,
    type: "order.fulfilment-reported",
    partitionkey: orderId,
    sequence,
    data: {
      report,
      status,
      occurredAt: now,
      receivedAt: now,
      appliedAt: now,
      held: false,
      webhookId: `msg_${sequence}`,
      webhookSequence: sequence,
    },
  }),
});

const handedOver = reported(4, "handed-to-carrier", "shipped");
const delivered = reported(5, "delivered", "delivered");

test("hand-over and delivery, swapped and repeated, sell the units once", async () => {
  const { consume, level, asked } = await warehouse();

  const first = await consume([delivered, handedOver]);
  const again = await consume([handedOver]);

  expect([first, again]).toEqual([{ notDurable: [] }, { notDurable: [] }]);
  expect(asked).toEqual([orderId, orderId]);
  expect(await level()).toEqual({ sku: "chair", onHand: 3, reserved: 0, sold: 2 });
});

test("what the bus gave up, and somebody sent back as the bus had it, is taken", async () => {
  const { consume, level } = await warehouse();
  const detail: unknown = JSON.parse(handedOver.body);
  const body = JSON.stringify({ version: "0", "detail-type": "order.fulfilment-reported", detail });

  expect(await consume([{ ...handedOver, body }])).toEqual({ notDurable: [] });
  expect(await level()).toEqual({ sku: "chair", onHand: 3, reserved: 0, sold: 2 });
});

test("what is reported before goods leave moves nothing", async () => {
  const { consume, level, asked } = await warehouse();

  const approved = await consume([reported(3, "approved", "approved")]);

  expect(approved).toEqual({ notDurable: [] });
  expect(asked).toEqual([]);
  expect(await level()).toEqual({ sku: "chair", onHand: 5, reserved: 2, sold: 0 });
});

test("a hold that nobody has committed is committed by its hand-over", async () => {
  const { consume, level } = await warehouse(false);

  expect(await consume([handedOver])).toEqual({ notDurable: [] });
  expect(await level()).toEqual({ sku: "chair", onHand: 3, reserved: 0, sold: 2 });
});

test("goods that left without a hold come again, until somebody counts them", async () => {
  const { consume, level, stock, warned } = await warehouse();
  await releaseStock(stock, { orderId }, now);

  expect(await consume([handedOver, delivered])).toEqual({
    notDurable: ["receipt-4", "receipt-5"],
  });
  expect(warned).toMatchObject([{ code: "conflict" }, { code: "conflict" }]);
  expect(await level()).toEqual({ sku: "chair", onHand: 5, reserved: 0, sold: 0 });
});

test("what has left is not given back by a cancellation that comes too late", async () => {
  const { consume, level, stock } = await warehouse();
  await consume([handedOver]);

  expect(await releaseStock(stock, { orderId }, now)).toEqual({ orderId });
  expect(await level()).toEqual({ sku: "chair", onHand: 3, reserved: 0, sold: 2 });
});

test.each([
  ["no event", "{}"],
  ["nothing", "null"],
  ["no JSON", "{"],
  ["a bus's event about nothing", '{"detail":null}'],
  ["an event with an attribute of its own", `{"specversion":"1.0","detail":${handedOver.body}}`],
  ["another event", handedOver.body.replace("order.fulfilment-reported", "order.confirmed")],
  ["a report of nothing", handedOver.body.replace('"status":"shipped"', '"status":"lost"')],
  ["a report of no order", handedOver.body.replaceAll(orderId, "chair")],
])("%s comes again, and in the end is given up", async (_what, body) => {
  const { consume, asked, warned } = await warehouse();

  const answer = await consume([{ ...handedOver, body }]);

  expect(answer).toEqual({ notDurable: ["receipt-4"] });
  expect(asked).toEqual([]);
  expect(warned).toMatchObject([{ code: "malformed-message" }]);
});
