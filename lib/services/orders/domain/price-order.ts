/**
 * What an order costs: the catalogue's prices, less discounts, with freight and the tax of the
 * country that it goes to. Pure, in integers of minor units.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { discountsOf } from "./discounts.ts";
import type { OrderFacts, OrderLine, PriceFacts } from "./events.ts";
import { containedHalfUp, shareHalfUp } from "./money.ts";
import { DEFAULT_COUNTRY, type PriceRules, type TaxRule } from "./price-rules.ts";
import { priceLines, type UnitPrice, type WantedLine } from "./pricing.ts";

export type PriceRequest = {
  readonly lines: readonly WantedLine[];
  readonly country: string;
  readonly discountCodes: readonly string[];
  readonly expected: readonly ExpectedPrice[];
  readonly now: EpochMs;
};

/** What somebody counts on. Minor units. */
export type ExpectedPrice = {
  readonly sku: string;
  /** RFC 6901, where it was said. */
  readonly pointer: string;
  readonly currency?: string | undefined;
  readonly unitPrice: number;
  readonly unitFreight?: number | undefined;
};

/**
 * Tax is of goods less discount plus freight, line by line, rounded to the nearest minor unit, a
 * half up; the order's tax is the sum of its lines'. Throws `Failure`: `price-changed` naming every
 * price that is not what was expected; `discount-refused`; `nothing-to-pay`; what `priceLines`
 * throws; and `invalid-request` for a country without a rule (all reject).
 */
export function priceOrder(
  request: PriceRequest,
  prices: ReadonlyMap<string, UnitPrice>,
  rules: PriceRules,
): Pick<OrderFacts, "currency" | "lines" | "total"> & { readonly price: PriceFacts } {
  const { country } = request;
  const tax = taxRule(country, rules);
  const { currency, lines } = priceLines(request.lines, prices);
  refuseDrift(request.expected, prices);
  const goods = lines.map(({ quantity, unitPrice }) => ({ quantity, goods: quantity * unitPrice }));
  const ask = { country, codes: request.discountCodes, now: request.now };
  const { byLine, applied } = discountsOf(goods, ask, rules.discounts);
  const priced = lines.map((line, index) => taxed(line, byLine[index] ?? 0, tax));
  const price: PriceFacts = {
    country,
    items: sum(goods.map((line) => line.goods)),
    discount: sum(byLine),
    shipping: sum(lines.map(({ quantity, unitFreight }) => quantity * unitFreight)),
    tax: sum(priced.map((line) => line.tax ?? 0)),
    taxIncluded: tax.prices === "inclusive",
    discounts: applied,
  };
  const total = totalOf(price);
  if (!Number.isSafeInteger(total)) throw tooMuch();
  if (total === 0) throw nothingToPay();
  return { currency, lines: priced, total, price };
}

/** What an event says that was written before orders had a price in parts. */
export function priceOf({ lines, price }: Pick<OrderFacts, "lines" | "price">): PriceFacts {
  if (price !== undefined) return price;
  return {
    country: DEFAULT_COUNTRY,
    items: sum(lines.map(({ quantity, unitPrice }) => quantity * unitPrice)),
    discount: 0,
    shipping: sum(lines.map(({ quantity, unitFreight }) => quantity * unitFreight)),
    tax: 0,
    taxIncluded: true,
    discounts: [],
  };
}

export const totalOf = ({ items, discount, shipping, tax, taxIncluded }: PriceFacts): number =>
  items - discount + shipping + (taxIncluded ? 0 : tax);

function taxRule(country: string, { taxes }: PriceRules): TaxRule {
  const rule = taxes.get(country);
  if (rule !== undefined) return rule;
  const detail = `We deliver to ${[...taxes.keys()].join(", ")}, not to ${country}.`;
  const details = [{ pointer: "/country", detail }];
  throw new Failure("invalid-request", "reject", detail, { details });
}

/** A line says only what is not nothing: most have neither. */
function taxed(line: OrderLine, discount: number, { basisPoints, prices }: TaxRule): OrderLine {
  const base = line.quantity * (line.unitPrice + line.unitFreight) - discount;
  const tax =
    prices === "inclusive" ? containedHalfUp(base, basisPoints) : shareHalfUp(base, basisPoints);
  return { ...line, ...(discount > 0 && { discount }), ...(tax > 0 && { tax }) };
}

function refuseDrift(
  expected: readonly ExpectedPrice[],
  prices: ReadonlyMap<string, UnitPrice>,
): void {
  const details = expected.flatMap((one) => driftOf(one, prices.get(one.sku)));
  if (details.length === 0) return;
  throw new Failure(
    "price-changed",
    "reject",
    "Prices have changed; order again with those of the day in `expectedPrices`, and a new key.",
    { details },
  );
}

function driftOf(expected: ExpectedPrice, actual: UnitPrice | undefined): FailureDetail[] {
  const { sku, pointer, currency, unitPrice, unitFreight } = expected;
  if (actual === undefined) {
    return [{ pointer: `${pointer}/sku`, detail: `The order has no line of ${sku}.` }];
  }
  const said = (now: number): string => `but ${now} ${actual.currency}`;
  const isOtherCurrency = currency !== undefined && currency !== actual.currency;
  const differs = (name: string, before: number | undefined, now: number): FailureDetail[] =>
    before === undefined || (before === now && !isOtherCurrency)
      ? []
      : [
          {
            pointer: `${pointer}/${name}`,
            detail: `${sku}: not ${before} ${currency ?? actual.currency}, ${said(now)}.`,
            expected: before,
            actual: now,
          },
        ];
  return [
    ...differs("unitPrice", unitPrice, actual.price),
    ...differs("unitFreight", unitFreight, actual.freight),
  ];
}

const tooMuch = (): Failure => {
  const detail = `the total is over ${Number.MAX_SAFE_INTEGER}: order less at once`;
  return new Failure("invalid-request", "reject", `The order cannot be priced: ${detail}.`, {
    details: [{ pointer: "/lines", detail }],
  });
};

/** An order is paid for before it is sent, and no provider takes an amount of nothing. */
function nothingToPay(): Failure {
  const detail = "All of it costs nothing; order it with something that has a price.";
  const details = [{ pointer: "/lines", detail }];
  return new Failure("nothing-to-pay", "reject", detail, { details });
}

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);
