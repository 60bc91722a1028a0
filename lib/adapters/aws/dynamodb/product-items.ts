/**
 * How a product is written as an item, for the store that writes it, the orders that read its price
 * and the relay that reads it from the change stream. Beside its facts it has the keys of the
 * shelves that it stands on (`PRODUCT_SHELVES`).
 *
 *     shelf              "all"                   newestKey = <created, 13 digits>#<sku>
 *     priceShelf         <currency>              priceKey  = <price, 16 digits>#<sku>
 *     categoryShelf      <category>              newestKey
 *     categoryPriceShelf <currency>#<category>   priceKey
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { PRODUCT_SHELVES } from "#contracts/indexes";
import { parseJsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { Product } from "#services/products/ports";
import type { ProductVersion } from "#services/products/search-ports";

const { newest, price, categoryNewest, categoryPrice } = PRODUCT_SHELVES;

export const EVERY_PRODUCT = "all";

export const pricesIn = (currency: string, category: string): string => `${currency}#${category}`;

/** Sorts as the number does. */
export const priceDigits = (amount: number): string => String(amount).padStart(16, "0");

/** The SKU at the end of a key: no SKU has a `#`. */
export const skuOfKey = (key: string): string => key.slice(key.indexOf("#") + 1);

export function productItem(product: Product): Record<string, AttributeValue> {
  const { attributes, deleted, rating, images, ...facts } = product;
  return marshall(
    {
      ...facts,
      images: [...images],
      // As text: not every number of JSON is one of DynamoDB.
      attributes: JSON.stringify(attributes),
      ...(rating === undefined ? {} : { ratingCount: rating.count, ratingSum: rating.sum }),
      ...(deleted ? { deleted } : shelvesOf(product)),
    },
    { removeUndefinedValues: true },
  );
}

const shelvesOf = ({ sku, category, currency, price: amount, createdAt }: Product) => ({
  [newest.partitionKey]: EVERY_PRODUCT,
  [price.partitionKey]: currency,
  ...(category === undefined
    ? {}
    : {
        [categoryNewest.partitionKey]: category,
        [categoryPrice.partitionKey]: pricesIn(currency, category),
      }),
  [newest.sortKey]: `${String(createdAt).padStart(13, "0")}#${sku}`,
  [price.sortKey]: `${priceDigits(amount)}#${sku}`,
});

/**
 * A product as its item (unmarshalled) has it; one that was stored before there were versions has
 * version 0 and its SKU for a title.
 */
export function productOf(item: Readonly<Record<string, unknown>>): Product {
  const { images } = item;
  const count = Number(item["ratingCount"] ?? 0);
  return {
    sku: String(item["sku"]),
    title: String(item["title"] ?? item["sku"]),
    ...textIn(item, "description"),
    ...textIn(item, "category"),
    images: Array.isArray(images) ? images.map(String) : [],
    currency: String(item["currency"]),
    price: Number(item["price"]),
    freight: Number(item["freight"]),
    ...(item["weightGrams"] === undefined ? {} : { weightGrams: Number(item["weightGrams"]) }),
    attributes: attributesOf(item["attributes"]),
    deleted: item["deleted"] === true,
    ...(count > 0 ? { rating: { count, sum: Number(item["ratingSum"]) } } : {}),
    version: Number(item["version"] ?? 0),
    createdAt: Number(item["createdAt"] ?? 0) as EpochMs,
    updatedAt: Number(item["updatedAt"] ?? 0) as EpochMs,
  };
}

/** As the product's changes say it. */
export function versionOfItem(item: Readonly<Record<string, unknown>>): ProductVersion {
  const { version, createdAt: _, images, attributes, ...product } = productOf(item);
  return { version, product: { ...product, images: [...images], attributes: { ...attributes } } };
}

const attributesOf = (text: unknown): Product["attributes"] =>
  (typeof text === "string" ? parseJsonObject(text) : {}) as Product["attributes"];

const textIn = <Name extends "description" | "category">(
  item: Readonly<Record<string, unknown>>,
  name: Name,
): { readonly [Given in Name]?: string } =>
  typeof item[name] === "string" ? ({ [name]: item[name] } as { [Given in Name]: string }) : {};
