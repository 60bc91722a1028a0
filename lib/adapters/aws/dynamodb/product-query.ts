/**
 * A page of the catalogue: one query of the index that has the wanted products side by side in the
 * wanted order.
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { PRODUCT_SHELVES } from "#contracts/indexes";
import type { ProductList, ProductListRequest } from "#services/products/ports";
import { storeFailure } from "./failures.ts";
import { EVERY_PRODUCT, priceDigits, pricesIn, productOf, skuOfKey } from "./product-items.ts";

/** Positions are sort keys of the index. Errors: as `storeFailure` maps them. */
export async function productQuery(
  client: DynamoDBClient,
  table: string,
  request: ProductListRequest,
): Promise<ProductList> {
  const { index, value } = shelfOf(request);
  const { limit, after, sort } = request;
  if (isEmptyRange(request)) return { products: [], next: undefined };
  const range = rangeOf(request);
  const command = new QueryCommand({
    TableName: table,
    IndexName: index.name,
    KeyConditionExpression: `#shelf = :shelf${range === undefined ? "" : RANGE}`,
    ExpressionAttributeNames: {
      "#shelf": index.partitionKey,
      ...(range === undefined ? {} : { "#key": index.sortKey }),
    },
    ExpressionAttributeValues: { ":shelf": { S: value }, ...range },
    ScanIndexForward: sort === "price",
    // One more than asked for tells whether more follow.
    Limit: limit + 1,
    ...(after === undefined
      ? {}
      : {
          ExclusiveStartKey: {
            [index.partitionKey]: { S: value },
            [index.sortKey]: { S: after },
            sku: { S: skuOfKey(after) },
          },
        }),
  });
  const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
  const shown = Items.slice(0, limit);
  const more = Items.length > limit || LastEvaluatedKey !== undefined;
  return {
    products: shown.map((item) => productOf(unmarshall(item))),
    next: more ? shown.at(-1)?.[index.sortKey]?.S : undefined,
  };
}

const RANGE = " AND #key BETWEEN :from AND :to";

function shelfOf(request: ProductListRequest) {
  const { newest, price, categoryNewest, categoryPrice } = PRODUCT_SHELVES;
  const { category } = request;
  if (request.sort === "newest") {
    return category === undefined
      ? { index: newest, value: EVERY_PRODUCT }
      : { index: categoryNewest, value: category };
  }
  return category === undefined
    ? { index: price, value: request.currency }
    : { index: categoryPrice, value: pricesIn(request.currency, category) };
}

/** A key is the price and a `#`; what sorts right behind `#` ends the range with the price. */
function rangeOf(request: ProductListRequest): Record<string, AttributeValue> | undefined {
  if (request.sort === "newest") return undefined;
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = request;
  return { ":from": { S: priceDigits(from) }, ":to": { S: `${priceDigits(to)}$` } };
}

/** DynamoDB refuses one. */
const isEmptyRange = (request: ProductListRequest): boolean =>
  request.sort !== "newest" &&
  request.from !== undefined &&
  request.to !== undefined &&
  request.from > request.to;

function refuse(error: unknown): never {
  throw storeFailure(error);
}
