/**
 * Lanes in DynamoDB: what planning, a test and a replay write, as actions of one transaction,
 * alone or together with a consumer's head.
 */
import {
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { type NewId, randomIds } from "#kernel/ids";
import type { LaneStore, WebhookWrite } from "#services/webhooks/ports";
import { appendWrites } from "./event-store.ts";
import { storeFailure } from "./failures.ts";
import { itemBytes } from "./item-size.ts";
import { refusedConditions } from "./refused-transaction.ts";
import type { TransactionWrites } from "./transaction-writes.ts";
import type { WebhookTable } from "./webhook-endpoints.ts";
import { deliveryItem, lanesItem, lanesKey, lanesOf } from "./webhook-items.ts";

export type WebhookLanesProps = WebhookTable & {
  /** Names each write. Default: random. */
  readonly newId?: NewId;
};

export function dynamoWebhookLanes({
  client,
  table,
  newId = randomIds,
}: WebhookLanesProps): LaneStore {
  const actions = webhookWrites(table);
  return {
    async lanes(owner) {
      const Key = lanesKey(owner);
      const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeFailure(error);
      });
      return lanesOf(owner, Item);
    },
    async write(writes) {
      const attempt = newId();
      const TransactItems = writes.map((write) => actions.action(write, attempt));
      const refused = await client
        .send(new TransactWriteItemsCommand({ TransactItems }))
        .then(() => [], refusedConditions);
      return refused.length === 0;
    },
  };
}

/** As a consumer's effects, in the same transaction as its head. */
export function webhookWrites(table: string): TransactionWrites<WebhookWrite> {
  const commits = appendWrites(table);
  const itemOf = (write: Exclude<WebhookWrite, { kind: "append" }>) =>
    write.kind === "lanes" ? lanesItem(write.lanes) : deliveryItem(write.delivery);
  return {
    action: (write, attempt) =>
      write.kind === "append"
        ? commits.action(write, attempt)
        : { Put: { TableName: table, Item: itemOf(write), ...conditionOf(write) } },
    footprint(write) {
      if (write.kind === "append") return commits.footprint(write);
      const item = itemOf(write);
      return { item: `${item["pk"]?.S}/${item["sk"]?.S}`, bytes: itemBytes(item) };
    },
  };
}

type Condition = Pick<
  NonNullable<TransactWriteItem["Put"]>,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

function conditionOf(write: Exclude<WebhookWrite, { kind: "append" }>): Condition {
  switch (write.kind) {
    case "plan":
      return { ConditionExpression: "attribute_not_exists(pk)" };
    case "replay":
      return was("round", write.delivery.round - 1);
    case "lanes":
      return write.lanes.version === 1
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : was("version", write.lanes.version - 1);
    default:
      return write satisfies never;
  }
}

const was = (name: string, value: number): Condition => ({
  ConditionExpression: "#was = :was",
  ExpressionAttributeNames: { "#was": name },
  ExpressionAttributeValues: { ":was": { N: String(value) } },
});
