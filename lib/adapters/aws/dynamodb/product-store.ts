/**
 * The catalogue in DynamoDB: one item per product, its key the SKU.
 */
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { systemClock, type Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { Product, ProductStore } from "#services/products/ports";
import { backOff } from "../backoff.ts";
import { storeFailure } from "./failures.ts";

export type ProductStoreProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Waits between attempts at what DynamoDB left unprocessed. */
  readonly clock?: Clock;
};

/** Errors: as `storeFailure` maps them. */
export function dynamoProductStore({
  client,
  table,
  clock = systemClock,
}: ProductStoreProps): ProductStore {
  return {
    async get(sku) {
      const command = new GetItemCommand({ TableName: table, Key: marshall({ sku }) });
      const { Item } = await client.send(command).catch(refuse);
      return Item === undefined ? undefined : productOf(unmarshall(Item));
    },

    /**
     * A scan visits every item once, in an order of its own; one item more than asked for tells
     * whether more follow.
     */
    async page(limit, after) {
      const command = new ScanCommand({
        TableName: table,
        Limit: limit + 1,
        ...(after === undefined ? {} : { ExclusiveStartKey: marshall({ sku: after }) }),
      });
      const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
      const found = Items.map((item) => productOf(unmarshall(item)));
      const products = found.slice(0, limit);
      const more = found.length > limit || (LastEvaluatedKey !== undefined && products.length > 0);
      return { products, next: more ? products.at(-1)?.sku : undefined };
    },

    async put(products) {
      const requests = products.map((product) => ({ PutRequest: { Item: itemOf(product) } }));
      for (let from = 0; from < requests.length; from += BATCH_MAX) {
        await writeAll(client, table, clock, requests.slice(from, from + BATCH_MAX));
      }
    },
  };
}

/** A product as its item (unmarshalled) has it. */
export const productOf = (item: Readonly<Record<string, unknown>>): Product => ({
  sku: String(item["sku"]),
  currency: String(item["currency"]),
  price: Number(item["price"]),
  freight: Number(item["freight"]),
  ...(typeof item["category"] === "string" ? { category: item["category"] } : {}),
  ...(item["weightGrams"] === undefined ? {} : { weightGrams: Number(item["weightGrams"]) }),
});

const itemOf = (product: Product) => marshall(product, { removeUndefinedValues: true });

/** DynamoDB: "The BatchWriteItem operation ... up to 25 item put or delete operations". */
const BATCH_MAX = 25;
const ATTEMPTS_MAX = 8;

/**
 * What DynamoDB leaves unprocessed is sent again with exponential backoff and full jitter, as its
 * reference asks.
 */
async function writeAll(
  client: DynamoDBClient,
  table: string,
  clock: Clock,
  requests: readonly WriteRequest[],
): Promise<void> {
  let left = [...requests];
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const command = new BatchWriteItemCommand({ RequestItems: { [table]: left } });
    const { UnprocessedItems } = await client.send(command).catch(refuse);
    left = UnprocessedItems?.[table] ?? [];
    if (left.length === 0) return;
    await backOff(clock, attempt);
  }
  throw new Failure(
    "store-throttled",
    "retry",
    `DynamoDB left ${left.length} products unwritten after ${ATTEMPTS_MAX} attempts.`,
  );
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}
