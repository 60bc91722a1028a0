/**
 * What an order costs: the server's prices times the merged quantities. Pure, in integers of minor
 * units.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import type { OrderLine } from "./events.ts";

export type WantedLine = { readonly sku: string; readonly quantity: number };

/** Minor units of `currency`. */
export type UnitPrice = {
  readonly currency: string;
  readonly price: number;
  readonly freight: number;
};

export type PricedLines = {
  readonly currency: string;
  /** Each SKU once, in the order of its first line. */
  readonly lines: readonly OrderLine[];
  /** Minor units; a safe integer. */
  readonly total: number;
};

/**
 * Throws `Failure`: `unknown-sku` naming every line without a price; `invalid-request` for lines in
 * several currencies or a total beyond `Number.MAX_SAFE_INTEGER`.
 */
export function priceLines(
  wanted: readonly WantedLine[],
  prices: ReadonlyMap<string, UnitPrice>,
): PricedLines {
  refuseUnknown(wanted, prices);
  const currency = oneCurrency(wanted, prices);
  const lines = [...mergedQuantities(wanted)].flatMap(([sku, quantity]): OrderLine[] => {
    const unit = prices.get(sku);
    return unit ? [{ sku, quantity, unitPrice: unit.price, unitFreight: unit.freight }] : [];
  });
  const total = lines.reduce((sum, line) => sum + lineTotal(line), 0);
  if (!Number.isSafeInteger(total)) {
    throw invalid("/lines", `the total is over ${Number.MAX_SAFE_INTEGER}: order less at once`);
  }
  return { currency, lines, total };
}

const lineTotal = (line: OrderLine): number => line.quantity * (line.unitPrice + line.unitFreight);

/** In the order of first mention. */
function mergedQuantities(wanted: readonly WantedLine[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of wanted)
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return quantities;
}

function refuseUnknown(
  wanted: readonly WantedLine[],
  prices: ReadonlyMap<string, UnitPrice>,
): void {
  const details = wanted.flatMap(({ sku }, index): FailureDetail[] =>
    prices.has(sku)
      ? []
      : [{ pointer: `/lines/${index}/sku`, detail: `The catalogue has no product ${sku}.` }],
  );
  if (details.length === 0) return;
  const unknown = [...new Set(wanted.map(({ sku }) => sku))].filter((sku) => !prices.has(sku));
  throw new Failure(
    "unknown-sku",
    "reject",
    `The catalogue has no product ${unknown.join(", ")}; order what GET /v1/products lists.`,
    { details },
  );
}

function oneCurrency(
  wanted: readonly WantedLine[],
  prices: ReadonlyMap<string, UnitPrice>,
): string {
  const currencies = wanted.map(({ sku }) => prices.get(sku)?.currency);
  const [currency] = currencies;
  if (currency === undefined) throw invalid("/lines", "an order has at least one line");
  const other = currencies.findIndex((candidate) => candidate !== currency);
  if (other === -1) return currency;
  throw invalid(
    `/lines/${other}/sku`,
    `its price is in ${currencies[other]}, the first line's in ${currency}; order them apart`,
  );
}

const invalid = (pointer: string, detail: string): Failure =>
  new Failure("invalid-request", "reject", `The order cannot be priced: ${detail}.`, {
    details: [{ pointer, detail }],
  });
