import { expect, test } from "vitest";
import { dynamoPaymentBooks } from "#adapters/aws/dynamodb/payment-books";
import type { EpochMs } from "#kernel/units";
import { faultsIn } from "#services/payments/check-books";
import { captureMovement, isBalanced, refundMovement } from "#services/payments/ledger";
import type { Books, OrderBooks } from "#services/payments/ports";
import { verifyLedger, verifyOrders } from "#services/payments/verify-ledger";
import { added, isBalanced as isLedgerBalanced } from "../../../bin/operator/ledger.ts";
import { orderId, paymentWorld } from "../../support/payment-world.ts";

const at = 1_700_000_000_000 as EpochMs;
const money = { orderId: "order-1", paymentId: "pay-1", currency: "BRL", at };
const capture = captureMovement({ ...money, amount: 1000 });
const refund = refundMovement("r", { ...money, amount: 300 });
const done = { kind: "done", status: "captured", paymentId: "pay-1", currency: "BRL" } as const;
const captureStep = { name: "capture", step: { ...done, amount: 1000 }, version: 2 } as const;
const refundStep = { name: "refund:r", step: { ...done, amount: 300 }, version: 2 } as const;
const right: OrderBooks = {
  orderId: "order-1",
  steps: [captureStep, refundStep],
  movements: [capture, refund],
};

test("captures and refunds are two lines that sum to zero", () => {
  expect(capture.lines).toEqual([
    { account: "provider", amount: 1000 },
    { account: "orders", amount: -1000 },
  ]);
  expect([capture, refund].map(isBalanced)).toEqual([true, true]);
  expect(isBalanced({ ...capture, lines: [{ account: "provider", amount: 1000 }] })).toBe(false);
  expect(isBalanced({ ...capture, lines: [] })).toBe(false);
});

test.for<[string, Partial<OrderBooks>, readonly RegExp[]]>([
  ["as they should be", {}, []],
  ["without a movement", { movements: [capture] }, [/refund:r is recorded/]],
  ["without a step", { steps: [captureStep] }, [/has refund:r, which no step/]],
  [
    "with another amount",
    { steps: [{ ...captureStep, step: { ...done, amount: 999 } }, refundStep] },
    [/capture is recorded, the ledger differs/],
  ],
  [
    "with another payment",
    { movements: [{ ...capture, paymentId: "pay-2" }, refund] },
    [/capture is recorded/],
  ],
  [
    "with one line changed",
    { movements: [{ ...capture, lines: capture.lines.slice(1) }, refund] },
    [/lines of capture/, /capture is recorded/, /300 more has been paid back/],
  ],
])("books %s", ([, changed, faults]) => {
  const found = faultsIn({ ...right, ...changed });

  expect(found).toEqual(faults.map((fault) => expect.stringMatching(fault) as unknown));
});

test("the ledger is summed by account and currency, part by part", async () => {
  const books = pagesOf([
    [right],
    [],
    [{ ...right, orderId: "order-2" }],
    [{ ...right, movements: [{ ...capture, currency: "EUR" }], steps: [] }],
  ]);

  const first = await verifyLedger(books, { pagesMax: 2 });
  const rest = await verifyLedger(books, { pagesMax: 9, cursor: first.next });

  const sum = { captured: 1000, refunded: 300, provider: 700, orders: -700 };
  expect(first).toEqual({
    movements: 2,
    sums: [{ currency: "BRL", ...sum }],
    faults: [],
    next: "2",
  });
  const all = added([first, rest]);
  expect(all).toMatchObject({
    movements: 5,
    sums: [
      { currency: "BRL", captured: 2000, refunded: 600, provider: 1400, orders: -1400 },
      { currency: "EUR", captured: 1000, refunded: 0, provider: 1000, orders: -1000 },
    ],
  });
  expect(isLedgerBalanced(all)).toBe(true);
});

test("what a page shows in part is read again; what is really wrong is named", async () => {
  const half = { ...right, steps: [] };
  const spread = await verifyLedger(pagesOf([[half]], right), { pagesMax: 1 });
  const wrong = await verifyLedger(pagesOf([[half]], half), { pagesMax: 1 });

  expect(spread.faults).toEqual([]);
  expect(wrong.faults).toMatchObject([{ orderId: "order-1" }]);
  expect(isLedgerBalanced(added([wrong]))).toBe(false);
});

test("some orders are verified alone, each once; an unknown one has moved nothing", async () => {
  const books = {
    ...pagesOf([]),
    ofOrder: (orderId: string) =>
      Promise.resolve(orderId === "order-1" ? right : { orderId, steps: [], movements: [] }),
  };

  const verified = await verifyOrders(books, ["order-1", "unknown", "order-1"]);

  expect(verified).toEqual({
    movements: 2,
    sums: [{ currency: "BRL", captured: 1000, refunded: 300, provider: 700, orders: -700 }],
    faults: [],
  });
});

test("a capture and its refunds leave books that agree with the provider", async () => {
  const world = paymentWorld();
  const tasks = world.over();
  await tasks.authorise();
  await tasks.capture();
  await tasks.refund(300, "r1");
  await tasks.capture();
  await tasks.refund(300, "r1");

  const verified = await verifyLedger(world.steps, { pagesMax: 10 });

  const sum = { currency: "BRL", captured: 1000, refunded: 300, provider: 700, orders: -700 };
  expect(verified).toEqual({ movements: 2, sums: [sum], faults: [] });
  expect((await world.steps.ofOrder(orderId)).movements[0]).toMatchObject({ name: "capture" });
});

test.for(["", "[]", "{}", '{"pk":1,"sk":"a"}'])("%j is no cursor of the books", async (cursor) => {
  const books = dynamoPaymentBooks({ client: {} as never, table: "t" });

  await expect(books.page(cursor)).rejects.toMatchObject({ code: "invalid-request" });
});

function pagesOf(
  pages: readonly (readonly OrderBooks[])[],
  reread?: OrderBooks,
): Pick<Books, "ofOrder" | "page"> {
  return {
    async ofOrder(id) {
      return reread ?? pages.flat().find((order) => order.orderId === id) ?? right;
    },
    async page(cursor = "0") {
      const index = Number(cursor);
      const next = index + 1 < pages.length ? { next: String(index + 1) } : {};
      return { orders: pages[index] ?? [], ...next };
    },
  };
}
