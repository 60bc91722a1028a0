/**
 * The audit records of one consumer, which its head store writes beside the heads.
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import type { AuditLog, PlacedAuditRecord } from "#messaging";
import { storeFailure } from "./failures.ts";
import { auditPrefix, auditSort, storedRecord } from "./head-keys.ts";

export type AuditLogProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly consumer: string;
};

/** A page holds a record, or none and yet more behind it (Query, "LastEvaluatedKey"): not often. */
const EMPTY_PAGES_MAX = 10;

/** Errors: `misconfigured` (reject), at once, for a consumer whose name keys cannot hold. */
export function dynamoAuditLog({ client, table, consumer }: AuditLogProps): AuditLog {
  const to = { S: `${auditPrefix(consumer)}~` };
  return {
    async records(stream, limit, after = { version: 0 }) {
      const { version, index } = after;
      const begin =
        index === undefined
          ? auditSort(consumer, version + 1)
          : auditSort(consumer, version, index + 1);
      const values = { ":stream": { S: stream }, ":from": { S: begin }, ":to": to };
      const records: PlacedAuditRecord[] = [];
      let from: Record<string, AttributeValue> | undefined;
      for (let page = 0; page < limit + EMPTY_PAGES_MAX; page += 1) {
        const { Items = [], LastEvaluatedKey } = await client
          .send(
            new QueryCommand({
              TableName: table,
              ConsistentRead: true,
              KeyConditionExpression: "pk = :stream AND sk BETWEEN :from AND :to",
              ExpressionAttributeValues: values,
              Limit: limit - records.length,
              ...(from === undefined ? {} : { ExclusiveStartKey: from }),
            }),
          )
          .catch((error: unknown) => {
            throw storeFailure(error);
          });
        records.push(...Items.map((item) => storedRecord(item, stream)));
        if (LastEvaluatedKey === undefined || records.length === limit) return records;
        from = LastEvaluatedKey;
      }
      const message = `The audit log of stream ${JSON.stringify(stream)} gives pages without end.`;
      throw new Failure("store-unavailable", "retry", message);
    },
  };
}
