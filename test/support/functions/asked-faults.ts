/**
 * Faults that a test asks for, one stream at a time: an item in the orders' table, which the fault
 * takes away, so that it happens once, whichever sandbox meets it.
 */
import { ConditionalCheckFailedException, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoClient } from "#adapters/aws/dynamodb/client";

export async function takeFault(table: string, stream: string, fault: string): Promise<boolean> {
  const command = new DeleteItemCommand({
    TableName: table,
    Key: { pk: { S: stream }, sk: { S: `fault#${fault}` } },
    ConditionExpression: "attribute_exists(pk)",
  });
  return dynamoClient()
    .send(command)
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      },
    );
}
