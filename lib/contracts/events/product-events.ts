/**
 * What is said when a product has changed: the whole product as it is now, numbered by its version.
 * Amounts are minor units; instants are milliseconds since the epoch.
 */
import * as z from "zod/mini";
import { SKU } from "../order-words.ts";
import "./english.ts";

export const PRODUCT_EVENT_SOURCE = "urn:inorder:products";

/** Stream = SKU, sequence = version. Who has a later one needs no earlier one. */
export const productChanged = z.strictObject({
  sku: z.string().check(z.regex(SKU.pattern, SKU.says)),
  title: z.string(),
  description: z.optional(z.string()),
  category: z.optional(z.string()),
  /** https URLs, or keys of the shop's image store. */
  images: z.array(z.string()),
  currency: z.string(),
  price: z.int(),
  freight: z.int(),
  weightGrams: z.optional(z.int()),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Withdrawn: it is shown and sold no more. It may be taken up again. */
  deleted: z.boolean(),
  /** Of the published reviews; absent without any. */
  rating: z.optional(z.strictObject({ count: z.int(), sum: z.int() })),
  updatedAt: z.int().check(z.minimum(0)),
});

export const productEventSchemas = { "product.changed": productChanged } as const;

export type ProductEventType = keyof typeof productEventSchemas;
export type ProductChanged = z.infer<typeof productChanged>;
