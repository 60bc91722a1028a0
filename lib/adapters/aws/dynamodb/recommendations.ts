/**
 * What is bought together, beside the heads of the consumer that counts it.
 *
 *     pk sku#<sku>    sk with#<other>   boughtSku, other, orders
 *     pk <orderId>    sk basket         skus
 *     index bought-with                 boughtSku, orders
 */
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { BOUGHT_WITH } from "#contracts/indexes";
import type {
  Baskets,
  BasketWrite,
  Recommendations,
} from "#services/products/recommendation-ports";
import { storeFailure } from "./failures.ts";
import type { TransactionWrites } from "./transaction-writes.ts";

export type RecommendationsProps = { readonly client: DynamoDBClient; readonly table: string };

const { name: IndexName, partitionKey, sortKey } = BOUGHT_WITH;

/** Errors: as `storeFailure` maps them. */
export function dynamoRecommendations({
  client,
  table,
}: RecommendationsProps): Recommendations & Baskets {
  return {
    async boughtWith(sku, limit) {
      const command = new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: `${partitionKey} = :sku`,
        ExpressionAttributeValues: { ":sku": { S: sku } },
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
        Key: basketKey(orderId),
        ConsistentRead: true,
      });
      const { Item } = await client.send(command).catch(refuse);
      return Item?.["skus"]?.L?.map(({ S = "" }) => S) ?? [];
    },
  };
}

/** Counts need no condition: the head's fence lets each order's be added once. */
export const basketWrites = (table: string): TransactionWrites<BasketWrite> => ({
  action: (write) => actionOf(table, write),
  footprint(write) {
    const { pk, sk } = keyOf(write);
    const skus = write.kind === "remember" ? write.skus.join().length : 0;
    return { item: `${pk.S} ${sk.S}`, bytes: 4 * (pk.S.length + sk.S.length) + 2 * skus + 100 };
  },
});

function actionOf(TableName: string, write: BasketWrite): TransactWriteItem {
  const Key = keyOf(write);
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
            ":sku": { S: write.sku },
            ":other": { S: write.other },
          },
        },
      };
    default:
      return write satisfies never;
  }
}

const keyOf = (write: BasketWrite) =>
  write.kind === "count"
    ? { pk: { S: `sku#${write.sku}` }, sk: { S: `with#${write.other}` } }
    : basketKey(write.orderId);

const basketKey = (orderId: string) => ({ pk: { S: orderId }, sk: { S: "basket" } });

function refuse(error: unknown): never {
  throw storeFailure(error);
}
