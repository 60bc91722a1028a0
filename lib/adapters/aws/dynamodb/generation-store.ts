/**
 * Which generation of a projection is read and which is built, as one item of its own table.
 *
 *     pk projection   sk generations   version, live, newest, next, walked, leftover
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Generations, type GenerationStore, untouched } from "#contracts/projection";
import { storeFailure } from "./failures.ts";

export type GenerationStoreProps = { readonly client: DynamoDBClient; readonly table: string };

/** No stream has such a name: theirs are ids. */
const KEY = { pk: "projection", sk: "generations" };

/** Errors: as `storeFailure` maps them. */
export const dynamoGenerations = ({ client, table }: GenerationStoreProps): GenerationStore => ({
  async read() {
    const command = new GetItemCommand({
      TableName: table,
      Key: marshall(KEY),
      ConsistentRead: true,
    });
    const { Item } = await client.send(command).catch(refuse);
    if (Item === undefined) return untouched;
    const { pk: _pk, sk: _sk, ...generations } = unmarshall(Item);
    return generations as Generations;
  },

  async replace(generations) {
    const { version } = generations;
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ ...KEY, ...generations }, { removeUndefinedValues: true }),
          ...(version === 1
            ? { ConditionExpression: "attribute_not_exists(pk)" }
            : {
                ConditionExpression: "#version = :read",
                ExpressionAttributeNames: { "#version": "version" },
                ExpressionAttributeValues: { ":read": { N: String(version - 1) } },
              }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return refuse(error);
    }
  },
});

function refuse(error: unknown): never {
  throw storeFailure(error);
}
