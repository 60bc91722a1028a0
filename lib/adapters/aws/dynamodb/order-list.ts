/**
 * A customer's orders by an index over the heads of the consumer that folds them: a list item is
 * that fold's state.
 *
 *     index by-customer    customerId    placedAtOrderId = <placedAt>#<orderId>
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type OrderListItem, orderListItem } from "#contracts/http/orders";
import { ORDERS_BY_CUSTOMER } from "#contracts/indexes";
import { SERVICES } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import { isJsonObject, type Json } from "#kernel/json";
import type { OrderList } from "#services/orders/ports";
import { storeFailure } from "./failures.ts";
import { headSort } from "./head-keys.ts";
import { headOf } from "./head-store.ts";
import { watchIndex } from "./order-watch.ts";

/** Name of the consumer whose heads are the list. */
export const ORDER_LIST_CONSUMER = SERVICES.orderList;

const { name: IndexName, partitionKey, sortKey } = ORDERS_BY_CUSTOMER;

export type OrderListProps = { readonly client: DynamoDBClient; readonly table: string };

/**
 * Positions are sort keys of the index. Errors: `storeFailure`'s; `unexpected` (reject) for a state
 * that is no list item.
 */
export const dynamoOrderList = ({ client, table }: OrderListProps): OrderList => ({
  async page({ customerId, limit, after }) {
    const command = new QueryCommand({
      TableName: table,
      IndexName,
      KeyConditionExpression: `${partitionKey} = :customer`,
      ExpressionAttributeValues: { ":customer": { S: customerId } },
      ScanIndexForward: false,
      // One more than asked for tells whether more follow.
      Limit: limit + 1,
      ...(after !== undefined && { ExclusiveStartKey: startKey(customerId, after) }),
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
    const shown = Items.slice(0, limit);
    const more = Items.length > limit || LastEvaluatedKey !== undefined;
    return {
      orders: shown.map(listItem),
      next: more ? shown.at(-1)?.[sortKey]?.S : undefined,
    };
  },
});

/**
 * What the head store writes beside the fold's state; nothing for an order that has no state yet.
 */
export function orderListIndex(state: Json): Readonly<Record<string, string>> {
  if (state === null) return {};
  const { customerId, item } = listed(state);
  return {
    [partitionKey]: customerId,
    [sortKey]: `${item.placedAt}#${item.orderId}`,
    ...watchIndex(state, item.orderId),
  };
}

/** All four keys: those of the index and those of the table, which follow from the position. */
const startKey = (customerId: string, position: string): Record<string, AttributeValue> => ({
  [partitionKey]: { S: customerId },
  [sortKey]: { S: position },
  pk: { S: position.slice(position.indexOf("#") + 1) },
  sk: { S: headSort(ORDER_LIST_CONSUMER) },
});

function listItem(item: Record<string, AttributeValue>): OrderListItem {
  const { state } = headOf(item, item["pk"]?.S ?? "");
  return listed(state ?? null).item;
}

type Listed = { readonly customerId: string; readonly item: OrderListItem };

function listed(state: Json): Listed {
  const { customerId, watch: _watch, ...rest } = isJsonObject(state) ? state : {};
  const item = orderListItem.safeParse(rest);
  if (typeof customerId === "string" && item.success) return { customerId, item: item.data };
  throw new Failure("unexpected", "reject", "A head of the order list holds no list item.");
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}
