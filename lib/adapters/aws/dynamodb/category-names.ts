/**
 * The names of categories as one item of the products' table, a set: adding is one write whatever
 * is there already, listing is one read. Its key is no SKU, since none has a `#`.
 */
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { CategoryNames } from "#services/products/ports";
import { storeFailure } from "./failures.ts";

const Key = { sku: { S: "#categories" } };

export const dynamoCategoryNames = (props: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): CategoryNames => ({
  async add(names) {
    const command = new UpdateItemCommand({
      TableName: props.table,
      Key,
      UpdateExpression: "ADD #names :names",
      ExpressionAttributeNames: { "#names": "names" },
      ExpressionAttributeValues: { ":names": { SS: [...new Set(names)] } },
    });
    await props.client.send(command).catch(refuse);
  },

  async names() {
    const command = new GetItemCommand({ TableName: props.table, Key, ConsistentRead: true });
    const { Item } = await props.client.send(command).catch(refuse);
    return Item?.["names"]?.SS ?? [];
  },
});

function refuse(error: unknown): never {
  throw storeFailure(error);
}
