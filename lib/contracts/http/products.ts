/**
 * Requests and answers of the catalogue.
 */
import * as z from "zod";
import { cursorField, limitField, moneyField, skuField } from "./fields.ts";

export const productView = z.strictObject({
  sku: skuField,
  category: z.string().optional(),
  price: moneyField,
  /** Charged for each unit sent. */
  freight: moneyField,
  weightGrams: z.int().optional(),
});

export const listProductsQuery = z.strictObject({
  limit: limitField,
  cursor: cursorField.optional(),
});

export const productPage = z.strictObject({
  products: z.array(productView),
  next: cursorField.optional(),
});

export type ProductView = z.infer<typeof productView>;
export type ProductPage = z.infer<typeof productPage>;
