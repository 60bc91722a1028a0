/**
 * Deliveries in DynamoDB: each attempt recorded on the condition of what was read, the log by one
 * query, retries by a sparse index.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { WEBHOOK_RETRIES } from "#contracts/indexes";
import { Failure } from "#kernel/failure";
import { type EpochMs, isoInstant } from "#kernel/units";
import type { DeliveryStore, DueRetry, RetryIndex } from "#services/webhooks/ports";
import { storeFailure } from "./failures.ts";
import type { WebhookTable } from "./webhook-endpoints.ts";
import {
  DELIVERY_PREFIX,
  deliveryItem,
  deliveryKey,
  deliveryOf,
  endpointKey,
  endpointOf,
  endpointPartition,
  healthKey,
  type Item,
  RETRY_SHARDS,
  retryShard,
  secretsKey,
  secretsOf,
} from "./webhook-items.ts";

const { partitionKey, sortKey } = WEBHOOK_RETRIES;

/** Of one endpoint that are made due at once. */
const HASTENED_MAX = 100;

export function dynamoWebhookDeliveries(table: WebhookTable): DeliveryStore {
  return {
    due: (named) => due(table, named),
    async find(endpointId, deliveryId) {
      const Key = deliveryKey(endpointId, deliveryId);
      const command = new GetItemCommand({ TableName: table.table, Key, ConsistentRead: true });
      const { Item } = await table.client.send(command).catch(refuse);
      return Item === undefined ? undefined : deliveryOf(Item);
    },
    record: (delivery, before) => record(table, delivery, before),
    async failing(endpointId, since) {
      const { client, table: TableName } = table;
      const Key = healthKey(endpointId);
      if (since === undefined) {
        await client.send(new DeleteItemCommand({ TableName, Key })).catch(refuse);
        return;
      }
      const command = new PutItemCommand({
        TableName,
        Item: { ...Key, failingSince: { N: String(since) } },
        ConditionExpression: "attribute_not_exists(pk)",
      });
      await conditional(client.send(command));
    },
    hasten: (endpointId, now) => hasten(table, endpointId, now),
    page: (request) => page(table, request),
  };
}

/** A partial answer of the batch is asked for again by whoever repeats the call. */
const due: With<DeliveryStore["due"]> = async (
  { client, table },
  { ownerId, endpointId, deliveryId },
) => {
  const keys = [
    deliveryKey(endpointId, deliveryId),
    endpointKey(ownerId, endpointId),
    secretsKey(endpointId),
    healthKey(endpointId),
  ];
  const command = new BatchGetItemCommand({
    RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
  });
  const { Responses, UnprocessedKeys } = await client.send(command).catch(refuse);
  if (Object.keys(UnprocessedKeys ?? {}).length > 0) {
    throw new Failure("store-throttled", "retry", "DynamoDB left a part of a batch unread.");
  }
  const items = Responses?.[table] ?? [];
  const [delivery, endpoint, secrets, health] = keys.map((wanted) =>
    items.find(({ pk, sk }) => pk?.S === wanted["pk"]?.S && sk?.S === wanted["sk"]?.S),
  );
  const since = health?.["failingSince"]?.N;
  return {
    delivery: delivery && deliveryOf(delivery),
    endpoint: endpoint && endpointOf(endpoint),
    secrets: secrets && secretsOf(secrets),
    failingSince: since === undefined ? undefined : (Number(since) as EpochMs),
  };
};

const record: With<DeliveryStore["record"]> = async ({ client, table }, delivery, before) => {
  const command = new PutItemCommand({
    TableName: table,
    Item: deliveryItem(delivery),
    ConditionExpression: "round = :round AND attemptsMade = :made AND #status = :status",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":round": { N: String(before.round) },
      ":made": { N: String(before.attemptsMade) },
      ":status": { S: before.status },
    },
  });
  return await conditional(client.send(command));
};

const hasten: With<DeliveryStore["hasten"]> = async (table, endpointId, now) => {
  const { Items = [] } = await table.client
    .send(
      new QueryCommand({
        TableName: table.table,
        ...deliveriesOf(endpointId, ""),
        FilterExpression: "#status = :retrying",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ...deliveriesOf(endpointId, "").ExpressionAttributeValues,
          ":retrying": { S: "retrying" },
        },
        ScanIndexForward: false,
      }),
    )
    .catch(refuse);
  for (const delivery of Items.slice(0, HASTENED_MAX).map(deliveryOf)) {
    // One that is attempted meanwhile finds the endpoint disabled by itself.
    await record(table, { ...delivery, nextAttemptAt: now }, delivery);
  }
};

const page: With<DeliveryStore["page"]> = async (
  { client, table },
  { endpointId, from, limit, after },
) => {
  const { Items = [] } = await client
    .send(
      new QueryCommand({
        TableName: table,
        ...deliveriesOf(endpointId, from),
        ScanIndexForward: false,
        // One more than asked for tells whether more follow.
        Limit: limit + 1,
        ...(after !== undefined && { ExclusiveStartKey: deliveryKey(endpointId, after) }),
      }),
    )
    .catch(refuse);
  const deliveries = Items.slice(0, limit).map(deliveryOf);
  return { deliveries, next: Items.length > limit ? deliveries.at(-1)?.deliveryId : undefined };
};

/** From this id on; the tilde is behind all of them. */
const deliveriesOf = (endpointId: string, from: string) => ({
  ConsistentRead: true,
  KeyConditionExpression: "pk = :endpoint AND sk BETWEEN :from AND :last",
  ExpressionAttributeValues: {
    ":endpoint": { S: endpointPartition(endpointId) },
    ":from": { S: `${DELIVERY_PREFIX}${from}` },
    ":last": { S: `${DELIVERY_PREFIX}~` },
  },
});

export const dynamoWebhookRetries = ({ client, table }: WebhookTable): RetryIndex => ({
  async due(until, limit) {
    const shards = Array.from({ length: RETRY_SHARDS }, async (_, shard) => {
      const { Items = [] } = await client
        .send(
          new QueryCommand({
            TableName: table,
            IndexName: WEBHOOK_RETRIES.name,
            KeyConditionExpression: `${partitionKey} = :shard AND ${sortKey} <= :until`,
            ExpressionAttributeValues: {
              ":shard": { S: retryShard(shard) },
              ":until": { S: isoInstant(until) },
            },
            Limit: limit,
          }),
        )
        .catch(refuse);
      return Items.map(dueRetryOf);
    });
    const found = (await Promise.all(shards)).flat();
    return found.toSorted((a, b) => a.dueAt - b.dueAt).slice(0, limit);
  },
});

function dueRetryOf(item: Item): DueRetry {
  const { lane, sequence, nextAttemptAt, createdAt } = deliveryOf(item);
  return { lane, sequence, dueAt: nextAttemptAt ?? createdAt };
}

type With<Call extends (...args: never) => unknown> = (
  table: WebhookTable,
  ...args: Parameters<Call>
) => ReturnType<Call>;

/** Answers whether the condition held. */
async function conditional(sent: Promise<unknown>): Promise<boolean> {
  return await sent.then(
    () => true,
    (error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw storeFailure(error);
    },
  );
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}
