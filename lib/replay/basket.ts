/**
 * Draws what an order buys from what real customers bought together, at the catalogue's prices.
 */
import { LINES_MAX } from "#contracts/http/orders";
import { Failure } from "#kernel/failure";
import { type Rng, shuffled } from "#kernel/rng";
import type { MinorUnits } from "#kernel/units";
import type { BasketLine, Catalogue, CatalogueProduct } from "./olist.ts";

export type PricedLine = {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: MinorUnits;
  readonly unitFreight: MinorUnits;
};

/** The provider of the local and dev stages declines totals whose minor units end in this. */
const DECLINED_ENDING = 13;

/** There it takes the money for totals ending in this, and then does not answer in time. */
const LATE_ENDING = 17;

/** Where totals wrap around: their last two digits count. */
const ENDINGS = 100;

export const totalOf = (lines: readonly PricedLine[]): MinorUnits =>
  lines.reduce(
    (sum, { quantity, unitPrice, unitFreight }) => sum + quantity * (unitPrice + unitFreight),
    0,
  ) as MinorUnits;

export const isDeclined = (total: MinorUnits): boolean => total % ENDINGS === DECLINED_ENDING;

export const isAnsweredLate = (total: MinorUnits): boolean => total % ENDINGS === LATE_ENDING;

/** One real basket. Throws `Failure` `invalid-request` (reject) where the catalogue has none. */
export function drawBasket(catalogue: Catalogue, rng: Rng): readonly PricedLine[] {
  const basket = catalogue.baskets[rng.int(catalogue.baskets.length)];
  if (basket === undefined) throw impossible("there are no items to draw orders from");
  return basket.map((line) => priced(line, catalogue));
}

/**
 * A real basket and the fewest further units that make its total end in 13.
 * Throws `Failure` `invalid-request` (reject) where no units of this catalogue can.
 */
export function drawDeclinedBasket(catalogue: Catalogue, rng: Rng): readonly PricedLine[] {
  const basket = drawBasket(catalogue, rng);
  const byEnding = productsByEnding(catalogue, rng);
  const missing = (DECLINED_ENDING - (totalOf(basket) % ENDINGS) + ENDINGS) % ENDINGS;
  const further = fewestUnits(missing, [...byEnding.keys()]);
  if (further === undefined) {
    throw impossible(`no products of the catalogue add up to a total ending in ${DECLINED_ENDING}`);
  }
  const quantities = new Map(basket.map(({ sku, quantity }) => [sku, quantity]));
  for (const ending of further) {
    const sku = byEnding.get(ending)?.sku ?? "";
    quantities.set(sku, (quantities.get(sku) ?? 0) + 1);
  }
  if (quantities.size > LINES_MAX) {
    throw impossible(`a total ending in ${DECLINED_ENDING} needs more than ${LINES_MAX} lines`);
  }
  return [...quantities].map(([sku, quantity]) => priced({ sku, quantity }, catalogue));
}

function priced({ sku, quantity }: BasketLine, { products }: Catalogue): PricedLine {
  const product = products.get(sku);
  if (product === undefined) throw impossible(`product ${sku} of a basket is not in the catalogue`);
  return { sku, quantity, unitPrice: product.price, unitFreight: product.freight };
}

/** One drawn product for each ending that a unit of it adds to a total. */
function productsByEnding(catalogue: Catalogue, rng: Rng): ReadonlyMap<number, CatalogueProduct> {
  const found = new Map<number, CatalogueProduct>();
  const skus = [...catalogue.products.values()];
  const first = rng.int(Math.max(1, skus.length));
  for (const product of [...skus.slice(first), ...skus.slice(0, first)]) {
    const ending = (product.price + product.freight) % ENDINGS;
    if (!found.has(ending)) found.set(ending, product);
    if (found.size === ENDINGS) break;
  }
  return new Map(shuffled([...found], rng));
}

/**
 * Breadth first over the hundred endings: the shortest list of endings that adds up to `missing`.
 */
function fewestUnits(missing: number, endings: readonly number[]): readonly number[] | undefined {
  const ways = new Map<number, readonly number[]>([[0, []]]);
  for (const [reached, way] of ways) {
    if (reached === missing) return way;
    for (const ending of endings) {
      const next = (reached + ending) % ENDINGS;
      // A map's iteration also visits what is added meanwhile.
      if (!ways.has(next)) ways.set(next, [...way, ending]);
    }
  }
  return undefined;
}

const impossible = (what: string): Failure =>
  new Failure("invalid-request", "reject", `The orders cannot be drawn: ${what}.`);
