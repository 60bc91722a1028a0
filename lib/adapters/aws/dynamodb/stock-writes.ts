/**
 * Writes to the stock table as DynamoDB takes them, each with its condition.
 */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { EXPIRING_HOLDS } from "#contracts/indexes";
import type { StockWrite, UnitChange } from "#services/inventory/ports";
import { adjustmentFields, holdFields, holdKey, itemFields, itemKey } from "./stock-layout.ts";

type Put = NonNullable<TransactWriteItem["Put"]>;
type Update = NonNullable<TransactWriteItem["Update"]> & { readonly UpdateExpression: string };

export type StockAction = { readonly Put: Put } | { readonly Update: Update };

export function actionOf(table: string, write: StockWrite): StockAction {
  switch (write.kind) {
    case "units":
      return unitsAction(table, write);
    case "new-item":
      return putFirst(table, itemFields(write.item));
    case "new-hold":
      return putFirst(table, holdFields(write.hold));
    case "new-adjustment":
      return putFirst(table, adjustmentFields(write.adjustment));
    case "shards":
      return shardsAction(table, write);
    case "hold-status":
      return statusAction(table, write);
    default:
      return write satisfies never;
  }
}

const putFirst = (table: string, item: Readonly<Record<string, unknown>>): StockAction => ({
  Put: {
    TableName: table,
    Item: marshall(item),
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

type Updating = Pick<
  Update,
  | "Key"
  | "UpdateExpression"
  | "ConditionExpression"
  | "ExpressionAttributeNames"
  | "ExpressionAttributeValues"
>;

const update = (table: string, updating: Updating): StockAction => ({
  Update: { TableName: table, ...updating, ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
});

/** What may not fall below 0. */
const LIMITED: ReadonlySet<string> = new Set<keyof UnitChange>(["available", "reserved"]);

function unitsAction(
  table: string,
  { item, change, receivedBefore }: Extract<StockWrite, { readonly kind: "units" }>,
): StockAction {
  const changes = Object.entries(change);
  const taken = changes.filter(([name, units]) => LIMITED.has(name) && units < 0);
  const values = {
    ":once": 1,
    ...Object.fromEntries(changes.map(([name, units]) => [`:${name}`, units])),
    ...Object.fromEntries(taken.map(([name, units]) => [`:${name}Taken`, -units])),
    ...(receivedBefore !== undefined && { ":receivedBefore": receivedBefore }),
  };
  const conditions = [
    "attribute_exists(pk)",
    ...taken.map(([name]) => `#${name} >= :${name}Taken`),
    ...(receivedBefore === undefined ? [] : ["#received = :receivedBefore"]),
  ];
  return update(table, {
    Key: marshall(itemKey(item)),
    UpdateExpression: ["ADD #writes :once", ...changes.map(([name]) => `#${name} :${name}`)].join(),
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeNames: {
      "#writes": "writes",
      ...Object.fromEntries(changes.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: marshall(values),
  });
}

const shardsAction = (
  table: string,
  { sku, from, to }: Extract<StockWrite, { readonly kind: "shards" }>,
): StockAction =>
  update(table, {
    Key: marshall(itemKey({ sku, shard: 0 })),
    UpdateExpression: "SET #shards = :shards, #made = :made ADD #writes :once",
    ConditionExpression: "#shards = :shardsBefore AND #made = :madeBefore",
    ExpressionAttributeNames: { "#shards": "shards", "#made": "made", "#writes": "writes" },
    ExpressionAttributeValues: marshall({
      ":once": 1,
      ":shards": to.shards,
      ":made": to.made,
      ":shardsBefore": from.shards,
      ":madeBefore": from.made,
    }),
  });

const EXPIRY_CONDITIONS = {
  ahead: " AND #expiresAt > :now",
  past: " AND #expiresAt <= :now",
  any: "",
} as const;

/** Only what is held can come to its end, so everything else leaves that index. */
const statusAction = (
  table: string,
  { key, from, to, now, expiry }: Extract<StockWrite, { readonly kind: "hold-status" }>,
): StockAction =>
  update(table, {
    Key: marshall(holdKey(key)),
    UpdateExpression: "SET #status = :to, #changedAt = :now REMOVE #expiring",
    ConditionExpression: `#status = :from${EXPIRY_CONDITIONS[expiry]}`,
    ExpressionAttributeNames: {
      "#status": "status",
      "#changedAt": "changedAt",
      "#expiring": EXPIRING_HOLDS.partitionKey,
      ...(expiry !== "any" && { "#expiresAt": EXPIRING_HOLDS.sortKey }),
    },
    ExpressionAttributeValues: marshall({
      ":from": from,
      ":to": to,
      ":now": now,
    }),
  });
