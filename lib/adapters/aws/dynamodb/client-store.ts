/**
 * The registered clients in DynamoDB: one item per client, its key the client id. The secret's hash
 * is all that is kept of the secret.
 */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Client, ClientStore } from "#services/users/ports";
import { storeFailure } from "./failures.ts";

export type ClientStoreProps = { readonly client: DynamoDBClient; readonly table: string };

/** Errors: as `storeFailure` maps them. */
export function dynamoClientStore({ client, table }: ClientStoreProps): ClientStore {
  return {
    async get(clientId) {
      const command = new GetItemCommand({
        TableName: table,
        Key: marshall({ clientId }),
        // A client registered a moment ago, or a secret rotated a moment ago, counts at once.
        ConsistentRead: true,
      });
      const { Item } = await client.send(command).catch(refuse);
      return Item === undefined ? undefined : clientOf(unmarshall(Item));
    },

    async put({ clientId, secretHash, scopes }) {
      const item = marshall({ clientId, secretHash, scopes: [...scopes] });
      await client.send(new PutItemCommand({ TableName: table, Item: item })).catch(refuse);
    },
  };
}

const clientOf = (item: Readonly<Record<string, unknown>>): Client => ({
  clientId: String(item["clientId"]),
  secretHash: String(item["secretHash"]),
  scopes: Array.isArray(item["scopes"]) ? item["scopes"].map(String) : [],
});

function refuse(error: unknown): never {
  throw storeFailure(error);
}
