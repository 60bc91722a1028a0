/**
 * Requests and answers of searching products.
 */
import * as z from "zod";
import { cursorField, limitField, moneyField, skuField } from "./fields.ts";

/** Characters; in API Gateway a whole address has 8,192. */
const SEARCH_TEXT_MAX = 200;
/** Hits behind it are not paged to: who wants more narrows the search. */
export const SEARCH_DEPTH_MAX = 1_000;

/** Where the bands of the price facet begin, in minor units. */
export const PRICE_BANDS = [
  0, 2_500, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000,
] as const satisfies readonly number[];

export const FOUND_FIELDS = [
  "sku",
  "title",
  "category",
  "image",
  "price",
  "freight",
  "rating",
] as const;

const textField = z.string().max(SEARCH_TEXT_MAX);
const categoryField = z.string().min(1).max(64);
const currencyField = z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217");
const amountField = z.int().min(0);
const ratingField = z.number().min(1).max(5);
const fieldName = z.enum(FOUND_FIELDS);

/** A parameter with several values has commas between them. */
const list = <Item extends z.ZodType<unknown, string>>(item: Item, most: number) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(item).max(most));

const whole = z
  .string()
  .regex(/^\d{1,16}$/, "a whole number of minor units")
  .transform(Number)
  .pipe(amountField);

const currencyGiven = { path: ["currency"], error: "Say which currency the price is in." };

export const searchQuery = z
  .strictObject({
    q: textField.default(""),
    /** Any of these; a longer list goes into the body of `POST /v1/products/search`. */
    category: list(categoryField, 10).optional(),
    minPrice: whole.optional(),
    maxPrice: whole.optional(),
    currency: currencyField.optional(),
    minRating: z.coerce.number().pipe(ratingField).optional(),
    fields: list(fieldName, FOUND_FIELDS.length).optional(),
    limit: limitField,
    cursor: cursorField.optional(),
  })
  .refine(
    ({ minPrice, maxPrice, currency }) =>
      currency !== undefined || (minPrice === undefined && maxPrice === undefined),
    currencyGiven,
  );

export const searchBody = z.strictObject({
  q: textField.default(""),
  categories: z.array(categoryField).max(200).default([]),
  price: z
    .strictObject({
      currency: currencyField,
      min: amountField.optional(),
      max: amountField.optional(),
    })
    .optional(),
  minRating: ratingField.optional(),
  fields: z.array(fieldName).min(1).max(FOUND_FIELDS.length).optional(),
  limit: z.int().min(1).max(100).default(20),
  cursor: cursorField.optional(),
});

export const suggestQuery = z.strictObject({
  q: textField.min(1),
  limit: z.coerce.number().int().min(1).max(20).default(8),
});

/** Only the fields that were asked for. */
export const foundView = z.strictObject({
  sku: skuField.optional(),
  title: z.string().optional(),
  category: z.string().optional(),
  image: z.string().optional(),
  price: moneyField.optional(),
  freight: moneyField.optional(),
  rating: z.strictObject({ count: z.int(), mean: z.number() }).optional(),
});

export const searchAnswer = z.strictObject({
  total: z.int(),
  products: z.array(foundView),
  facets: z.strictObject({
    categories: z.array(z.strictObject({ category: z.string(), count: z.int() })),
    /** Minor units; `to` is not in it. */
    priceBands: z.array(
      z.strictObject({
        currency: z.string(),
        from: z.int(),
        to: z.int().optional(),
        count: z.int(),
      }),
    ),
  }),
  next: cursorField.optional(),
});

export const recommendationsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(20).default(10),
});

export const recommendedProducts = z.strictObject({
  /** `boughtTogether`: in how many confirmed orders. */
  products: z.array(foundView.extend({ boughtTogether: z.int() })),
});

export const suggestions = z.strictObject({ suggestions: z.array(z.string()) });

export type FoundField = (typeof FOUND_FIELDS)[number];
export type FoundView = z.infer<typeof foundView>;
export type RecommendedProducts = z.infer<typeof recommendedProducts>;
export type SearchAnswer = z.infer<typeof searchAnswer>;
export type SearchBody = z.infer<typeof searchBody>;
export type SearchQuery = z.infer<typeof searchQuery>;
