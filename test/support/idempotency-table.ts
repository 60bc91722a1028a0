/**
 * A table for idempotency records with the one key that Powertools documents, for one test file.
 */
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { localConnection } from "./connection.ts";

export type IdempotencyTable = {
  readonly awsSdkV3Client: DynamoDBClient;
  readonly tableName: string;
};

let tables = 0;

/** As the options of a persistence layer. */
export async function createIdempotencyTable(): Promise<IdempotencyTable> {
  const awsSdkV3Client = new DynamoDBClient(localConnection());
  tables += 1;
  const tableName = `idempotency-${process.pid}-${tables}`;
  await awsSdkV3Client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  return { awsSdkV3Client, tableName };
}
