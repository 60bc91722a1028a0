/**
 * What the secondary indexes of the shop's tables are written for each write of an item, which
 * DynamoDB bills like writes of the table.
 * Source: "Write capacity considerations", Global secondary indexes, Amazon DynamoDB Developer
 * Guide: an item that moves within an index is a deletion and a new item there.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { itemBytes } from "#adapters/aws/dynamodb/item-size";
import {
  ATTENTION_INDEX,
  BOUGHT_WITH,
  EXPIRING_HOLDS,
  ORDERS_BY_CUSTOMER,
  ORDERS_BY_STATUS,
  ORDERS_TO_WATCH,
} from "#contracts/indexes";
import type { Item } from "#simulation/expressions";
import type { Touch } from "../store/table.ts";

/** Those that an order's way touches. Their keys are attributes of no other table. */
const WHOLE = [ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS, BOUGHT_WITH];
const KEYS_ONLY = [ATTENTION_INDEX, EXPIRING_HOLDS, ORDERS_TO_WATCH];

type Index = { readonly partitionKey: string; readonly sortKey: string };

const WRITE_UNIT_BYTES = 1_024;

/** Write units of all indexes. */
export function indexWriteUnits({ kind, before, after }: Touch): number {
  if (kind !== "write") return 0;
  const whole = WHOLE.map((index) => {
    const [from, to] = [keyIn(index, before), keyIn(index, after)];
    const units =
      (from === undefined ? 0 : units1KB(before)) + (to === undefined ? 0 : units1KB(after));
    return from !== undefined && from === to ? Math.max(units1KB(before), units1KB(after)) : units;
  });
  const keys = KEYS_ONLY.map((index) => {
    const [from, to] = [keyIn(index, before), keyIn(index, after)];
    return from === to ? 0 : Number(from !== undefined) + Number(to !== undefined);
  });
  return [...whole, ...keys].reduce((sum, one) => sum + one, 0);
}

const keyIn = ({ partitionKey, sortKey }: Index, item: Item | undefined): string | undefined => {
  const [partition, sort] = [item?.[partitionKey], item?.[sortKey]];
  return partition === undefined || sort === undefined
    ? undefined
    : JSON.stringify([partition, sort]);
};

const units1KB = (item: Item | undefined): number =>
  item === undefined
    ? 0
    : Math.ceil(itemBytes(item as Readonly<Record<string, AttributeValue>>) / WRITE_UNIT_BYTES);
