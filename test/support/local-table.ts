/**
 * A table of its own for one test file, with the keys that every service's table has.
 */
import {
  type AttributeDefinition,
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
} from "@aws-sdk/client-dynamodb";
import { inject } from "vitest";
import { ATTENTION_INDEX } from "#contracts/indexes";

export type LocalTable = { readonly client: DynamoDBClient; readonly table: string };

type Index = { readonly name: string; readonly partitionKey: string; readonly sortKey: string };

export type LocalIndexes = {
  /** Both keys are texts; every attribute is in it. */
  readonly whole?: readonly Index[];
  /** Keys only, and the sort key is a number. */
  readonly sparse?: readonly Index[];
};

let tables = 0;

/** The cloud that it is in ends with the run, and the table with it. It has the index of heads. */
export async function createLocalTable(
  purpose: string,
  { whole = [], sparse = [] }: LocalIndexes = {},
): Promise<LocalTable> {
  const client = new DynamoDBClient({
    endpoint: inject("localCloud").endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  tables += 1;
  const table = `${purpose}-${process.pid}-${tables}`;
  const numbered = [ATTENTION_INDEX, ...sparse];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributesOf(whole, numbered),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        ...whole.map((index) => indexOf(index, "ALL")),
        ...numbered.map((index) => indexOf(index, "KEYS_ONLY")),
      ],
    }),
  );
  return { client, table };
}

/** Each once, though indexes may share a key. */
function attributesOf(whole: readonly Index[], numbered: readonly Index[]): AttributeDefinition[] {
  const partitions = [...whole, ...numbered].map(({ partitionKey }) => partitionKey);
  const texts = new Set(["pk", "sk", ...partitions, ...whole.map(({ sortKey }) => sortKey)]);
  const numbers = new Set(numbered.map(({ sortKey }) => sortKey));
  return [
    ...[...texts].map((name) => ({ AttributeName: name, AttributeType: "S" as const })),
    ...[...numbers].map((name) => ({ AttributeName: name, AttributeType: "N" as const })),
  ];
}

const indexOf = (
  { name, partitionKey, sortKey }: Index,
  ProjectionType: "ALL" | "KEYS_ONLY",
): GlobalSecondaryIndex => ({
  IndexName: name,
  KeySchema: [
    { AttributeName: partitionKey, KeyType: "HASH" },
    { AttributeName: sortKey, KeyType: "RANGE" },
  ],
  Projection: { ProjectionType },
});
