/**
 * The catalogue in DynamoDB: one item per product, its key the SKU, its version the condition of
 * every write.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { canonicalJson } from "#kernel/hash";
import { type Product, PRODUCTS_AT_ONCE_MAX, type ProductStore } from "#services/products/ports";
import { backOff } from "../backoff.ts";
import { storeFailure } from "./failures.ts";
import { productItem, productOf } from "./product-items.ts";
import { productQuery } from "./product-query.ts";
import { writeInTransactions } from "./product-transactions.ts";

export type ProductStoreProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Waits between attempts at what DynamoDB was too busy for. */
  readonly clock?: Clock;
};

/** Errors: as `storeFailure` maps them; `invalid-request` (reject) for more than may be at once. */
export function dynamoProductStore(props: ProductStoreProps): ProductStore {
  const { client, table, clock = systemClock } = props;
  return {
    async get(sku) {
      const Key = marshall({ sku });
      const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
      const { Item } = await client.send(command).catch(refuse);
      return Item === undefined ? undefined : productOf(unmarshall(Item));
    },

    async read(skus) {
      assertFew(skus);
      const found = await Promise.all(
        slices(skus, READ_MAX).map((some) => readAll({ client, table, clock }, some)),
      );
      return new Map(found.flat().map((product) => [product.sku, product]));
    },

    async write(products) {
      assertFew(products);
      const puts = products.map((product) => ({ product, put: putOver(table, product) }));
      const [only, ...others] = puts;
      if (only !== undefined && others.length === 0) {
        const command = new PutItemCommand({ ...only.put, Item: only.put.Item });
        return client.send(command).then(() => [], refusedUnlessWritten(only.product));
      }
      return writeInTransactions({ client, clock }, puts);
    },

    list: (request) => productQuery(client, table, request),
  };
}

type Reading = Required<ProductStoreProps>;

/** DynamoDB: "as many as 100 items". */
const READ_MAX = 100;
const ATTEMPTS_MAX = 8;

async function readAll({ client, table, clock }: Reading, skus: readonly string[]) {
  const products: Product[] = [];
  let Keys = skus.map((sku) => marshall({ sku }));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const command = new BatchGetItemCommand({
      RequestItems: { [table]: { Keys, ConsistentRead: true } },
    });
    const { Responses, UnprocessedKeys } = await client.send(command).catch(refuse);
    products.push(...(Responses?.[table] ?? []).map((item) => productOf(unmarshall(item))));
    Keys = UnprocessedKeys?.[table]?.Keys ?? [];
    if (Keys.length === 0) return products;
    await backOff(clock, attempt);
  }
  throw new Failure("store-throttled", "retry", `${Keys.length} products could not be read.`);
}

/** An item from before there were versions has none either. */
function putOver(table: string, product: Product): Put & { readonly TableName: string } {
  const before = product.version - 1;
  return {
    TableName: table,
    Item: productItem(product),
    ConditionExpression: before === 0 ? "attribute_not_exists(#version)" : "#version = :before",
    ExpressionAttributeNames: { "#version": "version" },
    ...(before === 0 ? {} : { ExpressionAttributeValues: marshall({ ":before": before }) }),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

const refusedUnlessWritten =
  (product: Product) =>
  (error: unknown): readonly string[] => {
    if (!(error instanceof ConditionalCheckFailedException)) throw storeFailure(error);
    const standing = error.Item === undefined ? undefined : productOf(unmarshall(error.Item));
    return canonicalJson(standing) === canonicalJson(product) ? [] : [product.sku];
  };

function assertFew(some: readonly unknown[]): void {
  if (some.length <= PRODUCTS_AT_ONCE_MAX) return;
  const limit = `At most ${PRODUCTS_AT_ONCE_MAX} products at once, not ${some.length}.`;
  throw new Failure("invalid-request", "reject", limit);
}

const slices = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

function refuse(error: unknown): never {
  throw storeFailure(error);
}
