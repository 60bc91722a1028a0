/**
 * Sums the ledger, a bounded number of pages at a time, and holds every movement against the step
 * that made it. What a page shows only in part is read again by its order.
 */
import type { LedgerPart } from "#contracts/operator";
import { faultsIn } from "./check-books.ts";
import { type Movement, receivedBy } from "./ledger.ts";
import type { Books, OrderBooks } from "./ports.ts";

export type VerifyLedger = {
  /** Of an earlier answer; absent: from the beginning. */
  readonly cursor?: string | undefined;
  readonly pagesMax: number;
};

type LedgerBooks = Pick<Books, "ofOrder" | "page">;

type Sum = LedgerPart["sums"][number];

/** Errors: as the books'. */
export async function verifyLedger(
  books: LedgerBooks,
  { cursor, pagesMax }: VerifyLedger,
): Promise<LedgerPart> {
  const read: OrderBooks[] = [];
  let next = cursor;
  for (let page = 0; page < pagesMax; page += 1) {
    const part = await books.page(next);
    read.push(...part.orders);
    next = part.next;
    if (next === undefined) break;
  }
  return { ...(await verified(books, read)), ...(next === undefined ? {} : { next }) };
}

/** The same of these orders alone. Errors: as the books'. */
export async function verifyOrders(
  books: LedgerBooks,
  orderIds: readonly string[],
): Promise<LedgerPart> {
  const read: OrderBooks[] = [];
  for (const orderId of new Set(orderIds)) read.push(await books.ofOrder(orderId));
  return await verified(books, read);
}

async function verified(books: LedgerBooks, read: readonly OrderBooks[]): Promise<LedgerPart> {
  const sums = new Map<string, Sum>();
  const faults = new Map<string, readonly string[]>();
  for (const order of read) {
    for (const movement of order.movements) sums.set(movement.currency, added(sums, movement));
    if (faultsIn(order).length === 0) continue;
    const found = faultsIn(await books.ofOrder(order.orderId));
    if (found.length > 0) faults.set(order.orderId, found);
  }
  return {
    movements: read.reduce((count, { movements }) => count + movements.length, 0),
    sums: [...sums.values()],
    faults: [...faults].map(([orderId, found]) => ({ orderId, faults: [...found] })),
  };
}

function added(sums: ReadonlyMap<string, Sum>, movement: Movement): Sum {
  const { currency } = movement;
  const before = sums.get(currency) ?? { ...NOTHING, currency };
  const [provider, orders] = [receivedBy("provider", movement), receivedBy("orders", movement)];
  return {
    currency,
    captured: before.captured + Math.max(provider, 0),
    refunded: before.refunded + Math.max(-provider, 0),
    provider: before.provider + provider,
    orders: before.orders + orders,
  };
}

const NOTHING = { captured: 0, refunded: 0, provider: 0, orders: 0 };
