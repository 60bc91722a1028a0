/**
 * Requests and answers of the catalogue. What a product may hold is bounded here, once for all who
 * write one.
 */
import * as z from "zod";
import {
  cursorField,
  instantField,
  limitField,
  moneyField,
  skuField,
  writtenField,
} from "./fields.ts";

/** Below `/v1/products` these are routes: a product of that name could not be got. */
const ROUTE_WORDS: readonly string[] = ["bulk", "search", "suggest"];

/** Of a product that is made. */
export const newSkuField = skuField.refine(
  (sku) => !ROUTE_WORDS.includes(sku),
  `none of ${ROUTE_WORDS.join(", ")}: those are routes`,
);

const categoryField = writtenField(64);

/** By reference: an https URL, or the key of an object in the shop's own image store. */
const imageField = z.union(
  [
    z.url({ protocol: /^https$/, hostname: z.regexes.domain }).max(2048),
    z.string().regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9!_.()/-]{0,511}$/),
  ],
  "an https URL, or a key of A-Z a-z 0-9 ! _ . ( ) / -",
);

const IMAGES_MAX = 20;
const ATTRIBUTES_MAX = 50;

const attributeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "a name has 1-64 of A-Z a-z 0-9 _ . -, a letter first");
const attributeValue = z.union(
  [writtenField(500), z.number(), z.boolean()],
  "a text of 1-500 characters, a number, or true or false",
);

const attributesField = z
  .record(attributeName, attributeValue)
  .refine((all) => Object.keys(all).length <= ATTRIBUTES_MAX, `at most ${ATTRIBUTES_MAX} of them`);

/** What is said about a product, but for its amounts. */
export const productFields = {
  title: writtenField(200),
  description: writtenField(10_000).optional(),
  category: categoryField.optional(),
  weightGrams: z.int().min(0).max(1_000_000_000).optional(),
  images: z.array(imageField).max(IMAGES_MAX),
  /** Whatever else there is to say: colour, size, maker. */
  attributes: attributesField,
};

const content = {
  ...productFields,
  price: moneyField,
  /** Charged for each unit sent. */
  freight: moneyField,
  images: productFields.images.default([]),
  attributes: productFields.attributes.default({}),
};

const ONE_CURRENCY = {
  path: ["freight", "currency"],
  message: "Price and freight of a product are in one currency.",
};

const inOneCurrency = (product: {
  readonly price: { readonly currency: string };
  readonly freight: { readonly currency: string };
}): boolean => product.price.currency === product.freight.currency;

export const productContent = z.strictObject(content).refine(inOneCurrency, ONE_CURRENCY);

export const createProductBody = z
  .strictObject({ sku: newSkuField, ...content })
  .refine(inOneCurrency, ONE_CURRENCY);

/**
 * A merge patch (RFC 7396): what is absent stays, null removes. What comes of it is held against
 * `productContent`.
 */
export const patchProductBody = z.strictObject({
  title: content.title.optional(),
  description: content.description.nullable(),
  category: content.category.nullable(),
  price: moneyField.partial().optional(),
  freight: moneyField.partial().optional(),
  weightGrams: content.weightGrams.nullable(),
  images: productFields.images.nullish(),
  attributes: z.record(attributeName, attributeValue.nullable()).nullish(),
});

export const productView = z.strictObject({
  sku: skuField,
  ...productFields,
  price: moneyField,
  freight: moneyField,
  /** Of the published reviews; absent without any. */
  rating: z.strictObject({ count: z.int(), average: z.number() }).optional(),
  /** Rises by one with every change. */
  version: z.int(),
  createdAt: instantField,
  updatedAt: instantField,
});

const fieldName = z.enum(Object.keys(productView.shape) as [ProductField, ...ProductField[]]);

const amountField = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * A list is read from an index in the index's order: that of the price has one currency, and a
 * range of prices stands in it side by side.
 */
export const listProductsQuery = z
  .strictObject({
    limit: limitField,
    cursor: cursorField.optional(),
    category: categoryField.optional(),
    currency: moneyField.shape.currency.optional(),
    /** Minor units, both ends included. */
    "price[gte]": amountField.optional(),
    "price[lte]": amountField.optional(),
    sort: z.enum(["newest", "price", "-price"]).default("newest"),
    /** What is shown of each product beside its SKU, separated by commas. Default: all. */
    fields: z
      .string()
      .max(512)
      .transform((text) => text.split(","))
      .pipe(z.array(fieldName))
      .optional(),
  })
  .check(({ value, issues }) => {
    const byPrice = value.sort !== "newest";
    const tell = (name: string, message: string): void => {
      issues.push({ code: "custom", path: [name], input: value, message });
    };
    if (byPrice && value.currency === undefined) {
      tell("currency", "Amounts of one currency can be compared: name it to sort by price.");
    }
    for (const name of ["currency", "price[gte]", "price[lte]"] as const) {
      if (value[name] !== undefined && !byPrice) tell(name, "Use it with sort=price or -price.");
    }
  });

export const productPage = z.strictObject({
  products: z.array(productView.partial().required({ sku: true })),
  next: cursorField.optional(),
});

export const categoryList = z.strictObject({
  /** By name, each once. */
  categories: z.array(z.strictObject({ category: categoryField })),
});

export type ProductContent = z.infer<typeof productContent>;
export type CreateProductBody = z.infer<typeof createProductBody>;
export type PatchProductBody = z.infer<typeof patchProductBody>;
export type ProductView = z.infer<typeof productView>;
export type ProductField = keyof ProductView;
export type ListProductsQuery = z.infer<typeof listProductsQuery>;
export type CategoryList = z.infer<typeof categoryList>;
