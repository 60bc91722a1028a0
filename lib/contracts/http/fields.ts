/**
 * Fields that several requests and answers share, each with its bounds.
 */
import * as z from "zod";
import { isoInstant, parseInstant } from "#kernel/units";
import { ORDER_ID, SKU } from "../order-words.ts";

export const orderIdField = z.string().regex(ORDER_ID.pattern, ORDER_ID.says);

export const skuField = z.string().regex(SKU.pattern, SKU.says);

/** Units of one SKU in one line. */
export const quantityField = z.int().min(1).max(1000);

export const instantField = z.iso.datetime({ offset: true });

/** In a query, in UTC: the plus of an offset would be a blank there. Read as we write instants. */
export const instantQueryField = z.iso.datetime().transform((text) => {
  const at = parseInstant(text);
  return at === undefined ? text : isoInstant(at);
});

/** ISO 4217 amounts in minor units. */
export const moneyField = z.strictObject({
  amount: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  currency: z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217"),
});

export const countryField = z
  .string()
  .regex(/^[A-Z]{2}$/, "two capital letters, ISO 3166-1 alpha-2");

export const cursorField = z.string().min(1).max(2048);

/** Page size of every list: at most 100. */
export const limitField = z.coerce.number().int().min(1).max(100).default(20);

/** Control characters, but for tab and line break: nobody means them, and logs and pages mind. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/** What a person has written. */
export const writtenField = (charactersMax: number) =>
  z
    .string()
    .min(1)
    .max(charactersMax)
    .refine((text) => /\S/.test(text), "write more than blanks")
    .refine(
      (text) => text.isWellFormed() && !CONTROL.test(text),
      "text without control characters",
    );
