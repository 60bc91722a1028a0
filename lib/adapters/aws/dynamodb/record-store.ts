/**
 * Versioned records in DynamoDB: one item each, replaced by one conditional UpdateItem. Attributes
 * that others put on the item stay as they are.
 *
 *     pk <kind>#<key>   sk record   version, changeId, data (its JSON)
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import { parseJsonObject } from "#kernel/json";
import type { RecordStore, VersionedRecord } from "#messaging/flow/index";
import { storeFailure } from "./failures.ts";

export type RecordStoreProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Keeps the keys of different parts apart in one table: `breaker`, `run`. */
  readonly kind: string;
};

type Item = Readonly<Record<string, AttributeValue>>;

/** An item must not expire: without its version a late write would pass for a first one. */
export function dynamoRecordStore({ client, table, kind }: RecordStoreProps): RecordStore {
  const keyOf = (key: string) => ({ pk: { S: `${kind}#${key}` }, sk: { S: "record" } });

  return {
    async read(key) {
      const { Item } = await client
        .send(new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }))
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      return recordOf(key, Item);
    },

    async write(key, record) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: keyOf(key),
        ...replacing(record),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        await client.send(command);
        return { kind: "written" };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw storeFailure(error);
        const current = recordOf(key, error.Item);
        // The client repeats a request whose answer was lost, and is then refused by its own write.
        if (current?.changeId === record.changeId) return { kind: "written" };
        return { kind: "refused", current };
      }
    },
  };
}

function replacing({ version, changeId, data }: VersionedRecord) {
  const isFirst = version === 1;
  return {
    UpdateExpression: "SET #version = :version, #changeId = :changeId, #data = :data",
    ConditionExpression: isFirst ? "attribute_not_exists(#version)" : "#version = :read",
    ExpressionAttributeNames: { "#version": "version", "#changeId": "changeId", "#data": "data" },
    ExpressionAttributeValues: {
      ":version": { N: String(version) },
      ":changeId": { S: changeId },
      ":data": { S: JSON.stringify(data) },
      ...(isFirst ? {} : { ":read": { N: String(version - 1) } }),
    },
  };
}

function recordOf(key: string, item: Item | undefined): VersionedRecord | undefined {
  if (item === undefined || item["version"] === undefined) return undefined;
  const version = Number(item["version"].N);
  const changeId = item["changeId"]?.S;
  const data = parseJsonObject(item["data"]?.S ?? "");
  if (!Number.isSafeInteger(version) || changeId === undefined || data === undefined) {
    const message = `The record ${JSON.stringify(key)} cannot be read: mend or delete its item.`;
    throw new Failure("unexpected", "retry", message);
  }
  return { version, changeId, data };
}
