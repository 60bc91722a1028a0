/**
 * A table of its own for one test file, with the keys that every service's table has.
 */
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { inject } from "vitest";
import { ATTENTION_INDEX } from "#contracts/indexes";

export type LocalTable = { readonly client: DynamoDBClient; readonly table: string };

let tables = 0;

export type LocalIndex = {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
};

/**
 * The cloud that it is in ends with the run, and the table with it. It has the index of heads.
 *
 * @param indexes further ones, their keys texts
 */
export async function createLocalTable(
  purpose: string,
  indexes: readonly LocalIndex[] = [],
): Promise<LocalTable> {
  const client = new DynamoDBClient({
    endpoint: inject("localCloud").endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  tables += 1;
  const table = `${purpose}-${process.pid}-${tables}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
        { AttributeName: ATTENTION_INDEX.partitionKey, AttributeType: "S" },
        { AttributeName: ATTENTION_INDEX.sortKey, AttributeType: "N" },
        ...indexes.flatMap(({ partitionKey, sortKey }) =>
          [partitionKey, sortKey].map((AttributeName) => ({
            AttributeName,
            AttributeType: "S" as const,
          })),
        ),
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: ATTENTION_INDEX.name,
          KeySchema: [
            { AttributeName: ATTENTION_INDEX.partitionKey, KeyType: "HASH" },
            { AttributeName: ATTENTION_INDEX.sortKey, KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
        ...indexes.map(({ name, partitionKey, sortKey }) => ({
          IndexName: name,
          KeySchema: [
            { AttributeName: partitionKey, KeyType: "HASH" as const },
            { AttributeName: sortKey, KeyType: "RANGE" as const },
          ],
          Projection: { ProjectionType: "ALL" as const },
        })),
      ],
    }),
  );
  return { client, table };
}
