/**
 * Whether the units that the orders' answers hold are the units that the inventory's answers have
 * promised or sold, and whether any unit was sold that is not there.
 */
import type { StockView } from "#contracts/http/inventory";
import type { OrderView } from "#contracts/http/orders";

export type StockCheck = {
  /** Units promised or sold beyond what is on hand, over all SKUs. */
  readonly oversoldUnits: number;
  /** SKUs whose reservations differ from the orders: what differs. */
  readonly wrongSkus: ReadonlyMap<string, string>;
};

export type StockAnswers = {
  /** Before the first order was placed, by SKU. */
  readonly before: ReadonlyMap<string, StockView>;
  readonly after: ReadonlyMap<string, StockView>;
  readonly orders: readonly Pick<OrderView, "status" | "lines">[];
};

export function checkStock({ before, after, orders }: StockAnswers): StockCheck {
  const held = heldUnits(orders);
  const wrongSkus = new Map<string, string>();
  let oversoldUnits = 0;
  for (const [sku, now] of after) {
    // What was shipped is no longer reserved nor on hand, but it is still promised to its order.
    const promised = now.reserved + now.sold;
    const expected = promisedBefore(before.get(sku)) + (held.get(sku) ?? 0);
    oversoldUnits += Math.max(0, Math.max(expected, promised) - now.onHand - now.sold);
    if (promised !== expected) {
      wrongSkus.set(sku, `stock of ${sku}: expected ${expected} promised, answered ${promised}`);
    } else if (now.available !== now.onHand - now.reserved) {
      const free = now.onHand - now.reserved;
      wrongSkus.set(sku, `stock of ${sku}: expected ${free} available, answered ${now.available}`);
    }
  }
  return { oversoldUnits, wrongSkus };
}

const promisedBefore = (view: StockView | undefined): number =>
  view === undefined ? 0 : view.reserved + view.sold;

/** A rejected order has given everything back; every other one holds its units. */
function heldUnits(orders: StockAnswers["orders"]): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { status, lines } of orders) {
    if (status === "rejected") continue;
    for (const { sku, quantity } of lines) held.set(sku, (held.get(sku) ?? 0) + quantity);
  }
  return held;
}
