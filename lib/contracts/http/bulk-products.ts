/**
 * Many products in one request. What is malformed refuses the request as a whole, before anything
 * is written; what then becomes of each product is said of each.
 */
import * as z from "zod";
import { skuField } from "./fields.ts";
import { problemSchema } from "./problem.ts";
import { createProductBody } from "./products.ts";

const BULK_PRODUCTS_MAX = 50;

/** Bytes: as many products with the longest descriptions. */
export const BULK_BYTES_MAX = 1_048_576;

export const createProductsBody = z.strictObject({
  products: z
    .array(createProductBody)
    .min(1)
    .max(BULK_PRODUCTS_MAX)
    .refine(
      (products) => new Set(products.map(({ sku }) => sku)).size === products.length,
      "each SKU once",
    ),
});

export const createdProducts = z.strictObject({
  /** In the order of the request. */
  results: z.array(
    z.strictObject({
      sku: skuField,
      /** As if it had been sent alone: 201, or that of its problem. */
      status: z.int(),
      etag: z.string().optional(),
      version: z.int().optional(),
      problem: problemSchema.optional(),
    }),
  ),
});

export type CreatedProducts = z.infer<typeof createdProducts>;
