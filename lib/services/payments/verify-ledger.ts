/**
 * Sums the ledger, a bounded number of pages at a time, and holds every movement against the step
 * that made it. What a page shows only in part is read again by its order.
 */
import type { LedgerPart } from "#contracts/operator";
import { faultsIn } from "./check-books.ts";
import { receivedBy } from "./ledger.ts";
import type { Books } from "./ports.ts";

export type VerifyLedger = {
  /** Of an earlier answer; absent: from the beginning. */
  readonly cursor?: string | undefined;
  readonly pagesMax: number;
};

type Sum = LedgerPart["sums"][number];

/** Errors: as the books'. */
export async function verifyLedger(
  books: Books,
  { cursor, pagesMax }: VerifyLedger,
): Promise<LedgerPart> {
  const sums = new Map<string, Sum>();
  const faults = new Map<string, readonly string[]>();
  let movements = 0;
  let next = cursor;
  for (let page = 0; page < pagesMax; page += 1) {
    const read = await books.page(next);
    for (const order of read.orders) {
      movements += order.movements.length;
      for (const movement of order.movements) {
        const { currency } = movement;
        const before = sums.get(currency) ?? { ...NOTHING, currency };
        const [provider, orders] = [
          receivedBy("provider", movement),
          receivedBy("orders", movement),
        ];
        sums.set(currency, {
          currency,
          captured: before.captured + Math.max(provider, 0),
          refunded: before.refunded + Math.max(-provider, 0),
          provider: before.provider + provider,
          orders: before.orders + orders,
        });
      }
      if (faultsIn(order).length === 0) continue;
      const found = faultsIn(await books.ofOrder(order.orderId));
      if (found.length > 0) faults.set(order.orderId, found);
    }
    next = read.next;
    if (next === undefined) break;
  }
  return {
    movements,
    sums: [...sums.values()],
    faults: [...faults].map(([orderId, found]) => ({ orderId, faults: [...found] })),
    ...(next === undefined ? {} : { next }),
  };
}

const NOTHING = { captured: 0, refunded: 0, provider: 0, orders: 0 };
