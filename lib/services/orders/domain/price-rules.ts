/**
 * The shop's rules of discounts and taxes: data, in this one place. What they mean is decided in
 * `discounts.ts` and `taxes.ts`.
 */
import type { EpochMs } from "#kernel/units";

export type DiscountRule = {
  readonly id: string;
  /** Of the goods, never of the freight; 100 are one per cent. */
  readonly basisPoints: number;
  /** The customer gives it; a rule without one applies by itself. */
  readonly code?: string;
  /** Units of one SKU from which its line is discounted. Default: any. */
  readonly unitsMin?: number;
  /** Countries that are delivered to, ISO 3166-1 alpha-2. Default: all. */
  readonly countries?: readonly string[];
  readonly from: EpochMs;
  /** From then on it does not hold. Default: for ever. */
  readonly until?: EpochMs;
  /** `alone`: no other discount beside it, neither by code nor by itself. */
  readonly stacking: "alone" | "with-others";
};

export type TaxRule = {
  /** 100 are one per cent. */
  readonly basisPoints: number;
  /** Whether the catalogue's prices contain the tax, or it comes on top. */
  readonly prices: "inclusive" | "exclusive";
};

export type PriceRules = {
  readonly discounts: readonly DiscountRule[];
  /** By country, ISO 3166-1 alpha-2; no order is delivered to any other. */
  readonly taxes: ReadonlyMap<string, TaxRule>;
};

/** Where an order goes that names no country: its prices are those of the catalogue. */
export const DEFAULT_COUNTRY = "BR";

const ABROAD = ["CA", "DE", "GB", "PT"] as const;

/** 2026-01-01T00:00:00Z */
const START_OF_2026 = 1_767_225_600_000 as EpochMs;
/** 2028-01-01T00:00:00Z */
const START_OF_2028 = 1_830_297_600_000 as EpochMs;

export const PRICE_RULES: PriceRules = {
  discounts: [
    {
      id: "ten-of-one",
      basisPoints: 500,
      unitsMin: 10,
      countries: ABROAD,
      from: START_OF_2026,
      stacking: "with-others",
    },
    {
      id: "fifty-of-one",
      basisPoints: 1000,
      unitsMin: 50,
      countries: ABROAD,
      from: START_OF_2026,
      stacking: "with-others",
    },
    {
      id: "welcome",
      code: "WELCOME10",
      basisPoints: 1000,
      from: START_OF_2026,
      until: START_OF_2028,
      stacking: "with-others",
    },
    {
      id: "clearance",
      code: "CLEARANCE30",
      basisPoints: 3000,
      from: START_OF_2026,
      until: START_OF_2028,
      stacking: "alone",
    },
  ],
  taxes: new Map<string, TaxRule>([
    ["BR", { basisPoints: 0, prices: "inclusive" }],
    // The federal tax alone; provinces have further ones.
    ["CA", { basisPoints: 500, prices: "exclusive" }],
    ["DE", { basisPoints: 1900, prices: "inclusive" }],
    ["GB", { basisPoints: 2000, prices: "inclusive" }],
    ["PT", { basisPoints: 2300, prices: "inclusive" }],
  ]),
};
