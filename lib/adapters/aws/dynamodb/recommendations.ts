/**
 * What is bought together, beside the heads of the consumer that counts it.
 *
 *     pk sku#<sku>    sk with#<other>   boughtSku, other, orders
 *     pk <orderId>    sk basket         skus
 *     index bought-with                 boughtSku, orders
 *
 * Of a later generation than the first, SKUs in keys and the name of the basket say its number.
 */
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { BOUGHT_WITH } from "#contracts/indexes";
import { SERVICES } from "#contracts/metrics";
import {
  consumerIn,
  FIRST_GENERATION,
  generationNamed,
  type ItemKey,
  keyIn,
} from "#contracts/projection";
import type {
  Baskets,
  BasketWrite,
  Recommendations,
} from "#services/products/recommendation-ports";
import { storeFailure } from "./failures.ts";
import { generationOfHead } from "./head-generation.ts";
import type { TransactionWrites } from "./transaction-writes.ts";

export type RecommendationsProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Of the projection. Default: the first. */
  readonly generation?: number;
};

const { name: IndexName, partitionKey, sortKey } = BOUGHT_WITH;

/** Errors: as `storeFailure` maps them. */
export function dynamoRecommendations({
  client,
  table,
  generation = FIRST_GENERATION,
}: RecommendationsProps): Recommendations & Baskets {
  return {
    async boughtWith(sku, limit) {
      const command = new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: `${partitionKey} = :sku`,
        ExpressionAttributeValues: { ":sku": { S: keyIn(sku, generation) } },
        ScanIndexForward: false,
        Limit: limit,
      });
      const { Items = [] } = await client.send(command).catch(refuse);
      return Items.map((item) => ({
        sku: item["other"]?.S ?? "",
        orders: Number(item[sortKey]?.N ?? 0),
      }));
    },

    async read(orderId) {
      const command = new GetItemCommand({
        TableName: table,
        Key: basketKey(orderId, generation),
        ConsistentRead: true,
      });
      const { Item } = await client.send(command).catch(refuse);
      return Item?.["skus"]?.L?.map(({ S = "" }) => S) ?? [];
    },
  };
}

/** Counts need no condition: the head's fence lets each order's be added once. */
export const basketWrites = (
  table: string,
  generation: number = FIRST_GENERATION,
): TransactionWrites<BasketWrite> => ({
  action: (write) => actionOf(table, write, generation),
  footprint(write) {
    const { pk, sk } = keyOf(write, generation);
    const skus = write.kind === "remember" ? write.skus.join().length : 0;
    return { item: `${pk.S} ${sk.S}`, bytes: 4 * (pk.S.length + sk.S.length) + 2 * skus + 100 };
  },
});

/** Whose an item is; undefined for a record of what was decided, which stays. */
export function recommendationsGeneration({ pk, sk }: ItemKey): number | undefined {
  if (!sk.startsWith(COUNTED_WITH)) {
    return generationNamed(sk, BASKET) ?? generationOfHead(sk, SERVICES.recommendations);
  }
  return pk.startsWith(COUNTED) ? FIRST_GENERATION : Number(pk.slice(0, pk.indexOf("#")));
}

function actionOf(TableName: string, write: BasketWrite, generation: number): TransactWriteItem {
  const Key = keyOf(write, generation);
  switch (write.kind) {
    case "remember":
      return {
        Put: { TableName, Item: { ...Key, skus: { L: write.skus.map((sku) => ({ S: sku })) } } },
      };
    case "forget":
      return { Delete: { TableName, Key } };
    case "count":
      return {
        Update: {
          TableName,
          Key,
          UpdateExpression: "ADD #orders :one SET #sku = :sku, #other = :other",
          ExpressionAttributeNames: {
            "#orders": sortKey,
            "#sku": partitionKey,
            "#other": "other",
          },
          ExpressionAttributeValues: {
            ":one": { N: "1" },
            ":sku": { S: keyIn(write.sku, generation) },
            ":other": { S: write.other },
          },
        },
      };
    default:
      return write satisfies never;
  }
}

const COUNTED = "sku#";
const COUNTED_WITH = "with#";
const BASKET = "basket";

const keyOf = (write: BasketWrite, generation: number) =>
  write.kind === "count"
    ? {
        pk: { S: keyIn(`${COUNTED}${write.sku}`, generation) },
        sk: { S: `${COUNTED_WITH}${write.other}` },
      }
    : basketKey(write.orderId, generation);

const basketKey = (orderId: string, generation: number) => ({
  pk: { S: orderId },
  sk: { S: consumerIn(BASKET, generation) },
});

function refuse(error: unknown): never {
  throw storeFailure(error);
}
