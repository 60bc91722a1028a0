/**
 * Endpoints in DynamoDB, beside them their secrets, and how many their owner has.
 */
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { ENDPOINTS_MAX } from "#contracts/http/webhook-endpoints";
import type { EndpointStore, WebhookEndpoint } from "#services/webhooks/ports";
import { storeFailure } from "./failures.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";
import {
  countKey,
  ENDPOINT_PREFIX,
  endpointItem,
  endpointKey,
  endpointOf,
  healthKey,
  type Item,
  ownerPartition,
  secretsItem,
  secretsKey,
  secretsOf,
} from "./webhook-items.ts";

export type WebhookTable = { readonly client: DynamoDBClient; readonly table: string };

export function dynamoWebhookEndpoints({ client, table }: WebhookTable): EndpointStore {
  const get = async (Key: Item): Promise<Item | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
    return (await client.send(command).catch(refuse)).Item;
  };
  const transact = async (TransactItems: readonly TransactWriteItem[]) => {
    const command = new TransactWriteItemsCommand({ TransactItems: [...TransactItems] });
    return await client.send(command).then(() => [], refusedConditions);
  };

  return {
    async list(ownerId) {
      const command = new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :owner AND begins_with(sk, :endpoints)",
        ExpressionAttributeValues: {
          ":owner": { S: ownerPartition(ownerId) },
          ":endpoints": { S: ENDPOINT_PREFIX },
        },
      });
      // An owner has few of them: far less than a page.
      const { Items = [] } = await client.send(command).catch(refuse);
      return Items.map(endpointOf).toSorted((a, b) => a.createdAt - b.createdAt);
    },
    async find(ownerId, endpointId) {
      const item = await get(endpointKey(ownerId, endpointId));
      return item === undefined ? undefined : endpointOf(item);
    },
    async secrets(endpointId) {
      const item = await get(secretsKey(endpointId));
      return item === undefined ? undefined : secretsOf(item);
    },
    async create(endpoint, secrets) {
      const { ownerId, endpointId } = endpoint;
      const [ofEndpoint, , ofCount] = await transact([
        { Put: { ...absent, TableName: table, Item: endpointItem(endpoint) } },
        { Put: { TableName: table, Item: secretsItem(endpointId, secrets) } },
        { Update: { TableName: table, Key: countKey(ownerId), ...oneMore } },
      ]);
      if (isRefused(ofEndpoint)) {
        return { kind: "exists", endpoint: endpointOf(ofEndpoint?.Item ?? {}) };
      }
      return { kind: isRefused(ofCount) ? "full" : "created" };
    },
    async save(endpoint, { secrets, isReachedAnew = false } = {}) {
      const { endpointId, version } = endpoint;
      const [refused] = await transact([
        { Put: { ...versionIs(version - 1), TableName: table, Item: endpointItem(endpoint) } },
        ...(secrets === undefined
          ? []
          : [{ Put: { TableName: table, Item: secretsItem(endpointId, secrets) } }]),
        ...(isReachedAnew ? [{ Delete: { TableName: table, Key: healthKey(endpointId) } }] : []),
      ]);
      return isRefused(refused) ? whyOf(refused) : "saved";
    },
    async remove({ ownerId, endpointId, version }: WebhookEndpoint) {
      const Key = endpointKey(ownerId, endpointId);
      const [refused] = await transact([
        { Delete: { ...versionIs(version), TableName: table, Key } },
        { Delete: { TableName: table, Key: secretsKey(endpointId) } },
        { Delete: { TableName: table, Key: healthKey(endpointId) } },
        { Update: { TableName: table, Key: countKey(ownerId), ...oneLess } },
      ]);
      return isRefused(refused) ? whyOf(refused) : "removed";
    },
  };
}

const whyOf = (refused: { readonly Item?: unknown } | undefined) =>
  refused?.Item === undefined ? "absent" : "stale";

const absent = {
  ConditionExpression: "attribute_not_exists(pk)",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
};

const versionIs = (version: number) => ({
  ConditionExpression: "version = :version",
  ExpressionAttributeValues: { ":version": { N: String(version) } },
  ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
});

const oneMore = {
  UpdateExpression: "ADD #count :one",
  ConditionExpression: "attribute_not_exists(#count) OR #count < :max",
  ExpressionAttributeNames: { "#count": "count" },
  ExpressionAttributeValues: { ":one": { N: "1" }, ":max": { N: String(ENDPOINTS_MAX) } },
};

const oneLess = {
  UpdateExpression: "ADD #count :one",
  ExpressionAttributeNames: { "#count": "count" },
  ExpressionAttributeValues: { ":one": { N: "-1" } },
};

function refuse(error: unknown): never {
  throw storeFailure(error);
}
