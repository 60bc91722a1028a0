/**
 * What every reader of the payments' books must do.
 */
import { beforeEach, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { captureMovement, refundMovement } from "#services/payments/ledger";
import type { Books, OrderBooks, PaymentSteps } from "#services/payments/ports";

const at = 1_700_000_000_000 as EpochMs;
const money = { paymentId: "pay-1", amount: 1000, currency: "BRL" };
const captured = { kind: "done", status: "captured", ...money } as const;

type Opened = { readonly books: Books; readonly steps: PaymentSteps };

export function paymentBooksContract(open: () => Opened | Promise<Opened>): void {
  let opened: Opened;

  beforeEach(async () => {
    opened = await open();
  });

  test("an unknown order has empty books", async () => {
    const orderId = freshOrder();

    expect(await opened.books.ofOrder(orderId)).toEqual({ orderId, steps: [], movements: [] });
  });

  test("a movement is written with its step, and read as it was written", async () => {
    const orderId = freshOrder();
    const capture = captureMovement({ ...money, orderId, at });
    const refund = refundMovement("r", { ...money, amount: 300, orderId, at });
    const { books, steps } = opened;

    await steps.write({ orderId, step: "capture" }, captured, 0, { movement: capture });
    const paidBack = { ...captured, amount: 300 };
    await steps.write({ orderId, step: "refund:r" }, paidBack, 0, { movement: refund });

    expect(sorted(await books.ofOrder(orderId))).toEqual({
      orderId,
      steps: [
        { name: "capture", step: captured, version: 1 },
        { name: "refund:r", step: paidBack, version: 1 },
      ],
      movements: [capture, refund],
    });
  });

  test("a movement is written once: a second one refuses its step too", async () => {
    const orderId = freshOrder();
    const { books, steps } = opened;
    const first = captureMovement({ ...money, orderId, at });
    const second = captureMovement({ ...money, amount: 1, orderId, at });
    await steps.write({ orderId, step: "capture" }, captured, 0, { movement: first });

    const written = await steps.write({ orderId, step: "capture" }, captured, 1, {
      movement: second,
    });

    expect(written).toBe(false);
    expect(await books.ofOrder(orderId)).toMatchObject({
      steps: [{ version: 1 }],
      movements: [first],
    });
  });

  test("a step over another version is refused with its movement", async () => {
    const orderId = freshOrder();
    const { books, steps } = opened;
    const movement = captureMovement({ ...money, orderId, at });

    const written = await steps.write({ orderId, step: "capture" }, captured, 3, { movement });

    expect(written).toBe(false);
    expect(await books.ofOrder(orderId)).toEqual({ orderId, steps: [], movements: [] });
  });

  test("the pages together show every order once, each bounded", async () => {
    const { books, steps } = opened;
    const orderIds = Array.from({ length: 8 }, freshOrder);
    for (const orderId of orderIds) {
      const movement = captureMovement({ ...money, orderId, at });
      await steps.write({ orderId, step: "capture" }, captured, 0, { movement });
    }

    const pages = await allPages(books);

    const orders = pages.flat().filter(({ orderId }) => orderIds.includes(orderId));
    const movements = orders.flatMap((order) => order.movements);
    expect(movements.map(({ orderId }) => orderId).toSorted()).toEqual(orderIds.toSorted());
    expect(orders.flatMap((order) => order.steps)).toHaveLength(8);
    expect(pages.length).toBeGreaterThan(1);
    const ids = await allPages({ page: (cursor) => idsAsOrders(books, cursor) });
    expect(new Set(ids.flat().map(({ orderId }) => orderId))).toEqual(
      new Set(pages.flat().map(({ orderId }) => orderId)),
    );
    expect(ids.length).toBeGreaterThan(1);
  });
}

const PAGES_MAX = 1000;

async function idsAsOrders(books: Books, cursor?: string) {
  const { orderIds, ...next } = await books.orderIds(cursor);
  return { orders: orderIds.map((orderId) => ({ orderId, steps: [], movements: [] })), ...next };
}

async function allPages(books: Pick<Books, "page">): Promise<(readonly OrderBooks[])[]> {
  const pages: (readonly OrderBooks[])[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { orders, next } = await books.page(cursor);
    pages.push(orders);
    if (next === undefined) return pages;
    cursor = next;
  }
  throw new Error("the pages do not end");
}

const sorted = ({ steps, movements, ...rest }: OrderBooks): OrderBooks => ({
  ...rest,
  steps: steps.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  movements: movements.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
});

let orders = 0;
const freshOrder = (): string => {
  orders += 1;
  return `order-${orders}`;
};
