/**
 * The callbacks of an order's review beside the order, each attempt's in an item of its own: a late
 * attempt cannot take the place of the one that waits. Encrypted at rest like the whole table; the
 * relay's filter leaves them out.
 *
 *     pk <orderId>   sk token#<digest>   token
 */
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { ITEM_PREFIXES } from "#contracts/item-prefixes";
import { sha256Crockford26 } from "#kernel/hash";
import type { ReviewTokens } from "#services/orders/ports";
import { storeFailure } from "./failures.ts";

export type ReviewTokensProps = { readonly client: DynamoDBClient; readonly table: string };

/** A state makes eight attempts, an order has few runs. */
const TOKENS_MAX = 100;

export const dynamoReviewTokens = ({ client, table }: ReviewTokensProps): ReviewTokens => ({
  async keep(orderId, token) {
    const Item = { ...keyOf(orderId, token), token: { S: token } };
    await client.send(new PutItemCommand({ TableName: table, Item })).catch(refuse);
  },

  async of(orderId) {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :order AND begins_with(sk, :tokens)",
      ExpressionAttributeValues: {
        ":order": { S: orderId },
        ":tokens": { S: ITEM_PREFIXES.token },
      },
      Limit: TOKENS_MAX,
    });
    const { Items = [] } = await client.send(command).catch(refuse);
    return Items.flatMap(({ token }) => (token?.S === undefined ? [] : [token.S]));
  },

  async drop(orderId, token) {
    const Key = keyOf(orderId, token);
    await client.send(new DeleteItemCommand({ TableName: table, Key })).catch(refuse);
  },
});

const keyOf = (orderId: string, token: string) => ({
  pk: { S: orderId },
  sk: { S: `${ITEM_PREFIXES.token}${sha256Crockford26(token)}` },
});

function refuse(error: unknown): never {
  throw storeFailure(error);
}
