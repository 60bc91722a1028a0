/**
 * Fields that several requests and answers share, each with its bounds.
 */
import * as z from "zod";

/** 26 characters of Crockford's base 32. */
export const orderIdField = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, "an order id has 26 characters");

export const skuField = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "a SKU has 1-64 of A-Z a-z 0-9 _ -");

export const instantField = z.iso.datetime({ offset: true });

/** ISO 4217 amounts in minor units. */
export const moneyField = z.strictObject({
  amount: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  currency: z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217"),
});

export const cursorField = z.string().min(1).max(2048);

/** Page size of every list: at most 100. */
export const limitField = z.coerce.number().int().min(1).max(100).default(20);
