/**
 * What happened to a product, as it is relayed: each change carries the whole product, so a reader
 * needs no earlier one. Instants are milliseconds since the epoch.
 */
import * as z from "zod/mini";
import { SKU } from "../order-words.ts";
import "./english.ts";

export const PRODUCT_EVENT_SOURCE = "urn:inorder:products";

const count = z.int().check(z.minimum(0));

/** A product as it is after the change; its version is the message's sequence. */
export const productChanged = z.object({
  sku: z.string().check(z.regex(SKU.pattern, SKU.says)),
  title: z.string(),
  description: z.optional(z.string()),
  category: z.optional(z.string()),
  /** By reference. */
  images: z.array(z.string()),
  /** ISO 4217; price and freight are in its minor units. */
  currency: z.string(),
  price: count,
  freight: count,
  weightGrams: z.optional(count),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  deleted: z.boolean(),
  /** Of the published reviews: how many, and the sum of their stars (1 to 5 each). */
  rating: z.optional(z.object({ count, sum: count })),
  updatedAt: count,
});

export const productEventSchemas = { "product.changed": productChanged } as const;

export type ProductEventType = keyof typeof productEventSchemas;

export type ProductChanged = z.infer<typeof productChanged>;
