/**
 * Whether the shop's books agree with what its orders say: payments less refunds are the orders
 * that are paid, the ledger is balanced, and every unit of stock is accounted for.
 */
import type { OrderView } from "#contracts/http/orders";
import type { ReplayReport } from "#contracts/report";

/** What the shop's own verifications answer. */
export type Books = {
  readonly ledger: {
    /** Minor units of the orders that were asked about, taken and paid back. */
    readonly captured: number;
    readonly refunded: number;
    /** What is wrong with them, in words; every movement sums to zero when nothing is. */
    readonly faults: readonly string[];
  };
  readonly stock: {
    /** Units in the warehouse, available or reserved, and units shipped. */
    readonly inStockAndSold: number;
    /** Units that were ever received, and corrections. */
    readonly loaded: number;
  };
};

export function moneyOf(orders: readonly OrderView[], books: Books): ReplayReport["money"] {
  const { ledger, stock } = books;
  const paidOrders = orders
    .filter(({ payment }) => PAID.has(payment.status))
    .reduce((sum, { total, refunds }) => sum + total.amount - refundedOf(refunds), 0);
  const paid = ledger.captured - ledger.refunded;
  return {
    payments: ledger.captured,
    refunds: ledger.refunded,
    paidOrders,
    ledgerBalanced: ledger.faults.length === 0,
    inStockAndSold: stock.inStockAndSold,
    loaded: stock.loaded,
    wrong: [
      ...ledger.faults,
      ...(paid === paidOrders ? [] : [`${paid} was paid, the paid orders are ${paidOrders}`]),
      ...(stock.inStockAndSold === stock.loaded
        ? []
        : [`${stock.inStockAndSold} units are in stock or sold, ${stock.loaded} were loaded`]),
    ],
  };
}

const PAID: ReadonlySet<OrderView["payment"]["status"]> = new Set([
  "captured",
  "partially-refunded",
  "refunded",
]);

/** What has been paid back of an order, in minor units. */
export const refundedOf = (refunds: OrderView["refunds"]): number =>
  refunds
    .filter(({ status }) => status === "refunded")
    .reduce((sum, { amount }) => sum + amount.amount, 0);
