/**
 * A customer's orders by an index over the heads of the consumer that folds them: a list item is
 * that fold's state.
 *
 *     index by-customer           customerId        placedAtOrderId = <placedAt>#<orderId>
 *     index by-customer-status    customerStatus    placedAtOrderId
 *
 * Of a later generation than the first, both partition keys begin with its number (`keyIn`).
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type OrderListItem, orderListItem } from "#contracts/http/orders";
import { ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS } from "#contracts/indexes";
import { SERVICES } from "#contracts/metrics";
import { consumerIn, FIRST_GENERATION, type ItemKey, keyIn } from "#contracts/projection";
import { Failure } from "#kernel/failure";
import { isJsonObject, type Json } from "#kernel/json";
import type { OrderList } from "#services/orders/ports";
import { storeFailure } from "./failures.ts";
import { generationOfHead } from "./head-generation.ts";
import { headSort } from "./head-keys.ts";
import { headOf } from "./head-store.ts";
import { watchIndex } from "./order-watch.ts";

/** Name of the consumer whose heads are the list. */
export const ORDER_LIST_CONSUMER = SERVICES.orderList;

export type OrderListProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Of the projection. Default: the first. */
  readonly generation?: number;
};

/**
 * Positions are sort keys of the index. Errors: `storeFailure`'s; `unexpected` (reject) for a state
 * that is no list item.
 */
export const dynamoOrderList = ({
  client,
  table,
  generation = FIRST_GENERATION,
}: OrderListProps): OrderList => ({
  async page({ customerId, limit, after, status, placedFrom }) {
    const { name, ...partition } = partitionOf(keyIn(customerId, generation), status);
    const command = new QueryCommand({
      TableName: table,
      IndexName: name,
      ...sorted(partition, placedFrom),
      ScanIndexForward: false,
      // One more than asked for tells whether more follow.
      Limit: limit + 1,
      ...(after !== undefined && { ExclusiveStartKey: startKey(partition, after, generation) }),
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
    const shown = Items.slice(0, limit);
    const more = Items.length > limit || LastEvaluatedKey !== undefined;
    return {
      orders: shown.map(listItem),
      next: more ? shown.at(-1)?.[SORT_KEY]?.S : undefined,
    };
  },
});

/**
 * What the head store writes beside the fold's state; nothing for an order that has no state yet.
 */
export const orderListIndex =
  (generation: number = FIRST_GENERATION) =>
  (state: Json): Readonly<Record<string, string>> => {
    if (state === null) return {};
    const { customerId, item } = listed(state);
    const customer = keyIn(customerId, generation);
    return {
      [ORDERS_BY_CUSTOMER.partitionKey]: customer,
      [ORDERS_BY_STATUS.partitionKey]: statusPartition(customer, item.status),
      [SORT_KEY]: `${item.placedAt}#${item.orderId}`,
      ...watchIndex(state, item.orderId, generation),
    };
  };

/** Whose a head is, or a body parked beside one. What was decided is nobody's, and stays. */
export const orderListGeneration = ({ sk }: ItemKey): number | undefined =>
  generationOfHead(sk, ORDER_LIST_CONSUMER);

/** Of both indexes. */
const SORT_KEY: typeof ORDERS_BY_STATUS.sortKey = ORDERS_BY_CUSTOMER.sortKey;

const statusPartition = (customerId: string, status: string): string => `${customerId}#${status}`;

type Partition = { readonly key: string; readonly value: string };

function partitionOf(customerId: string, status?: string): Partition & { readonly name: string } {
  return status === undefined
    ? { name: ORDERS_BY_CUSTOMER.name, key: ORDERS_BY_CUSTOMER.partitionKey, value: customerId }
    : {
        name: ORDERS_BY_STATUS.name,
        key: ORDERS_BY_STATUS.partitionKey,
        value: statusPartition(customerId, status),
      };
}

/** A position begins with its instant, so the bare instant stands before all of it. */
const sorted = ({ key, value }: Partition, placedFrom?: string) => {
  const ofAll = { KeyConditionExpression: `${key} = :partition` };
  const values = { ":partition": { S: value } };
  if (placedFrom === undefined) return { ...ofAll, ExpressionAttributeValues: values };
  return {
    KeyConditionExpression: `${key} = :partition AND ${SORT_KEY} >= :from`,
    ExpressionAttributeValues: { ...values, ":from": { S: placedFrom } },
  };
};

/** All four keys: those of the index and those of the table, which follow from the position. */
const startKey = (
  { key, value }: Partition,
  position: string,
  generation: number,
): Record<string, AttributeValue> => ({
  [key]: { S: value },
  [SORT_KEY]: { S: position },
  pk: { S: position.slice(position.indexOf("#") + 1) },
  sk: { S: headSort(consumerIn(ORDER_LIST_CONSUMER, generation)) },
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
