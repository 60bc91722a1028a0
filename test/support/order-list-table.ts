/**
 * The order list's table with the heads that its consumer writes, for one test.
 */
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { ORDER_LIST_CONSUMER, orderListIndex } from "#adapters/aws/dynamodb/order-list";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS, ORDERS_TO_WATCH } from "#contracts/indexes";
import type { HeadStore } from "#messaging";
import { createLocalTable, type LocalTable } from "./local-table.ts";

export async function localOrderList(): Promise<LocalTable & { readonly heads: HeadStore }> {
  const { client, table } = await createLocalTable("order-list", {
    whole: [ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS, ORDERS_TO_WATCH],
  });
  const consumer = ORDER_LIST_CONSUMER;
  const index = orderListIndex();
  return {
    client,
    table,
    heads: dynamoHeadStore({ client, table, consumer, writes: noWrites, index }),
  };
}
