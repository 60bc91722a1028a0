/**
 * Which discounts an order has, and what each takes off which line. First, line by line, the best
 * rule that applies by itself; then the codes, in the order of the table, each on what is left.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { shareDown, split } from "./money.ts";
import type { DiscountRule } from "./price-rules.ts";

/** Minor units before any discount, without freight. */
export type Goods = { readonly quantity: number; readonly goods: number };

export type DiscountRequest = {
  readonly country: string;
  /** As they were given: one that stands there twice counts once. */
  readonly codes: readonly string[];
  readonly now: EpochMs;
};

export type AppliedDiscount = {
  readonly rule: string;
  readonly code?: string | undefined;
  /** Minor units. */
  readonly amount: number;
};

export type Discounts = {
  /** What is taken off each line, in their order; together the sum of `applied`. */
  readonly byLine: readonly number[];
  /** Those that take something off. */
  readonly applied: readonly AppliedDiscount[];
};

/**
 * Amounts are rounded down to minor units and split over their lines by value. Throws `Failure`
 * `discount-refused` (reject) naming every code that does not hold: an order is not placed at
 * another price than its customer counts on.
 */
export function discountsOf(
  lines: readonly Goods[],
  request: DiscountRequest,
  rules: readonly DiscountRule[],
): Discounts {
  const holding = rules.filter((rule) => holds(rule, request));
  const given = codesOf(request.codes, holding);
  const isAlone = given.some(({ stacking }) => stacking === "alone");
  const start: Discounts = { byLine: lines.map(() => 0), applied: [] };
  const automatic = isAlone ? start : bestByLine(lines, holding);
  return given.reduce((sofar, rule) => withCode(lines, sofar, rule), automatic);
}

const holds = (
  { countries, from, until }: DiscountRule,
  { country, now }: DiscountRequest,
): boolean =>
  (countries?.includes(country) ?? true) && from <= now && (until === undefined || now < until);

/** Errors: `discount-refused` (reject). */
function codesOf(
  codes: readonly string[],
  holding: readonly DiscountRule[],
): readonly DiscountRule[] {
  const given = holding.filter(({ code }) => code !== undefined && codes.includes(code));
  const alone = given.find(({ stacking }) => stacking === "alone");
  const details = codes.flatMap((code, index): FailureDetail[] => {
    const pointer = `/discountCodes/${index}`;
    if (!given.some((rule) => rule.code === code)) {
      return [{ pointer, detail: `${code} does not hold for this order; leave it out.` }];
    }
    if (alone === undefined || alone.code === code) return [];
    return [{ pointer, detail: `${alone.code} stands alone; leave one of the two out.` }];
  });
  if (details.length === 0) return given;
  const all = [...new Set(details.map(({ detail }) => detail))].join(" ");
  throw new Failure("discount-refused", "reject", all, { details });
}

function bestByLine(lines: readonly Goods[], holding: readonly DiscountRule[]): Discounts {
  const automatic = holding.filter(({ code }) => code === undefined);
  const chosen = lines.map((line) =>
    automatic
      .filter((rule) => isMet(rule, line))
      .reduce<DiscountRule | undefined>(
        (best, rule) => (rule.basisPoints > (best?.basisPoints ?? 0) ? rule : best),
        undefined,
      ),
  );
  const byLine = lines.map(({ goods }, index) => shareDown(goods, chosen[index]?.basisPoints ?? 0));
  const applied = automatic.map((rule) => ({
    rule: rule.id,
    amount: sum(byLine.filter((_amount, index) => chosen[index] === rule)),
  }));
  return { byLine, applied: applied.filter(({ amount }) => amount > 0) };
}

function withCode(lines: readonly Goods[], sofar: Discounts, rule: DiscountRule): Discounts {
  const left = lines.map((line, index) =>
    isMet(rule, line) ? line.goods - (sofar.byLine[index] ?? 0) : 0,
  );
  const amount = shareDown(sum(left), rule.basisPoints);
  if (amount === 0) return sofar;
  const parts = split(amount, left);
  return {
    byLine: sofar.byLine.map((taken, index) => taken + (parts[index] ?? 0)),
    applied: [...sofar.applied, { rule: rule.id, code: rule.code, amount }],
  };
}

const isMet = ({ unitsMin = 1 }: DiscountRule, { quantity }: Goods): boolean =>
  quantity >= unitsMin;

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);
