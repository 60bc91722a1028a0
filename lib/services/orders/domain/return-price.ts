/**
 * What units that come back have cost: what was paid for their line, its discount off and the tax
 * on top of it included, but no freight, which has been used.
 */
import type { OrderFacts, OrderLine } from "./events.ts";
import { partDown } from "./money.ts";
import { priceOf } from "./price-order.ts";

export type Units = {
  readonly sku: string;
  /** That have come back before, and that come back now: at most the line's. */
  readonly before: number;
  readonly now: number;
};

/** Minor units. Of all units of a line it is what was paid for it, in whatever parts they come. */
export function paidFor(facts: OrderFacts, { sku, before, now }: Units): number {
  const lines = facts.lines.filter((line) => line.sku === sku);
  const quantity = sum(lines.map((line) => line.quantity));
  if (quantity === 0) return 0;
  const { taxIncluded } = priceOf(facts);
  const paid = sum(lines.map((line) => paidForGoods(line, taxIncluded)));
  return partDown(paid, before + now, quantity) - partDown(paid, before, quantity);
}

function paidForGoods(line: OrderLine, taxIncluded: boolean): number {
  const { quantity, unitPrice, unitFreight, discount = 0, tax = 0 } = line;
  const goods = quantity * unitPrice - discount;
  const taxed = goods + quantity * unitFreight;
  return taxIncluded || taxed === 0 ? goods : goods + partDown(tax, goods, taxed);
}

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);
