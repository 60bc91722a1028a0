/**
 * Carts in DynamoDB: an item each, always written whole over the version that was read.
 *
 *     cartId    format, version, expiresAt (ms), expires (s, for deletion), orderId, cart (JSON)
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { CartStore } from "#services/orders/ports";
import { storeFailure } from "./failures.ts";

export type CartStoreProps = { readonly client: DynamoDBClient; readonly table: string };

type StoredCart = Parameters<CartStore["replace"]>[0];

const FORMAT = "1";

/**
 * Errors beyond the port's: `unexpected` (retry) for a cart that cannot be read: a newer version of
 * this code may.
 */
export const dynamoCartStore = ({ client, table }: CartStoreProps): CartStore => ({
  async read(cartId) {
    const { Item } = await client
      .send(
        new GetItemCommand({
          TableName: table,
          Key: { cartId: { S: cartId } },
          ConsistentRead: true,
        }),
      )
      .catch(refuse);
    return Item === undefined ? undefined : cartOf(Item);
  },

  async create(cart, now) {
    const command = new PutItemCommand({
      TableName: table,
      Item: cartItem(cart),
      ConditionExpression: "attribute_not_exists(cartId) OR expiresAt <= :now",
      ExpressionAttributeValues: { ":now": { N: String(now) } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return client.send(command).then(
      () => cart,
      (error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw storeFailure(error);
        if (error.Item === undefined) throw storeFailure(error);
        return cartOf(error.Item);
      },
    );
  },

  async replace(cart, ...others) {
    const put = (one: StoredCart) => ({
      TableName: table,
      Item: cartItem(one),
      ConditionExpression: "version = :before",
      ExpressionAttributeValues: { ":before": { N: String(one.version - 1) } },
    });
    const TransactItems = [cart, ...others].map((one) => ({ Put: put(one) }));
    const sent: Promise<unknown> =
      others.length === 0
        ? client.send(new PutItemCommand(put(cart)))
        : client.send(new TransactWriteItemsCommand({ TransactItems }));
    return sent.then(() => true, refusedByAnother);
  },
});

const BY_ANOTHER: ReadonlySet<string | undefined> = new Set([
  "ConditionalCheckFailed",
  "ConditionalCheckFailedException",
  "TransactionConflict",
  "TransactionConflictException",
]);

/** One that meets another write of the same cart is as one that came too late: none is written. */
function refusedByAnother(error: unknown): false {
  const reasons =
    error instanceof TransactionCanceledException
      ? (error.CancellationReasons ?? []).map(({ Code }) => Code).filter((code) => code !== "None")
      : [error instanceof Error ? error.name : ""];
  if (reasons.length > 0 && reasons.every((reason) => BY_ANOTHER.has(reason))) return false;
  throw storeFailure(error);
}

/** The order of a cart of this version, for the transaction that writes the order itself. */
export const orderCart = (
  table: string,
  { cartId, version, orderId }: { cartId: string; version: number; orderId: string },
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: { cartId: { S: cartId } },
    UpdateExpression: "SET orderId = :order, version = :next",
    ConditionExpression: "version = :seen",
    ExpressionAttributeValues: {
      ":order": { S: orderId },
      ":seen": { N: String(version) },
      ":next": { N: String(version + 1) },
    },
  },
});

function cartItem(cart: StoredCart): Record<string, AttributeValue> {
  const { cartId, version, expiresAt, orderId, ...rest } = cart;
  return {
    cartId: { S: cartId },
    format: { N: FORMAT },
    version: { N: String(version) },
    expiresAt: { N: String(expiresAt) },
    expires: { N: String(Math.ceil(expiresAt / 1000)) },
    cart: { S: JSON.stringify(rest) },
    ...(orderId === undefined ? {} : { orderId: { S: orderId } }),
  };
}

function cartOf(item: Readonly<Record<string, AttributeValue>>): StoredCart {
  const cartId = item["cartId"]?.S ?? "";
  const format = item["format"]?.N;
  if (format !== FORMAT) {
    const why = `its format is ${format}, not ${FORMAT}`;
    throw new Failure("unexpected", "retry", `The cart ${cartId} cannot be read: ${why}.`);
  }
  const orderId = item["orderId"]?.S;
  const rest = JSON.parse(item["cart"]?.S ?? "") as Omit<StoredCart, "cartId" | "version">;
  return {
    ...rest,
    cartId,
    version: Number(item["version"]?.N),
    expiresAt: Number(item["expiresAt"]?.N) as EpochMs,
    ...(orderId === undefined ? {} : { orderId }),
  };
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}
