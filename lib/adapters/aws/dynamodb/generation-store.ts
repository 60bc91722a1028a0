/**
 * Which generation of a projection is read and which is built, as one item of its own table.
 *
 *     pk projection   sk generations   version, live, newest, next, walked, leftover
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type Generations,
  type GenerationStore,
  isSameState,
  untouched,
} from "#contracts/projection";
import { storeFailure } from "./failures.ts";

export type GenerationStoreProps = { readonly client: DynamoDBClient; readonly table: string };

type Item = Record<string, AttributeValue>;

/** No stream has such a name: theirs are ids. */
const KEY = { pk: { S: "projection" }, sk: { S: "generations" } };

/** Errors: as `storeFailure` maps them. */
export function dynamoGenerations({ client, table }: GenerationStoreProps): GenerationStore {
  const read = async (): Promise<Generations> => {
    const command = new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true });
    const { Item: item } = await client.send(command).catch(refuse);
    return item === undefined ? untouched : generationsOf(item);
  };

  const replace = async (generations: Generations): Promise<boolean> => {
    const { version } = generations;
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...KEY, ...itemOf(generations) },
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
      if (!(error instanceof ConditionalCheckFailedException)) return refuse(error);
      // The SDK repeats a write whose answer was lost, and the condition then meets its own work.
      return isSameState(await read(), generations);
    }
  };

  return { read, replace };
}

// By hand: those who only read generations are spared the SDK's own conversion in their bundle.
const itemOf = ({ version, live, newest, next, walked, leftover }: Generations): Item => ({
  version: number(version),
  live: number(live),
  newest: number(newest),
  ...(next === undefined ? {} : { next: number(next) }),
  ...(walked === undefined ? {} : { walked: { S: walked } }),
  ...(leftover === undefined ? {} : { leftover: { BOOL: leftover } }),
});

const generationsOf = ({ version, live, newest, next, walked, leftover }: Item): Generations => ({
  version: Number(version?.N),
  live: Number(live?.N),
  newest: Number(newest?.N),
  ...(next?.N === undefined ? {} : { next: Number(next.N) }),
  ...(walked?.S === undefined ? {} : { walked: walked.S }),
  ...(leftover?.BOOL === true ? { leftover: true } : {}),
});

const number = (value: number): AttributeValue => ({ N: String(value) });

function refuse(error: unknown): never {
  throw storeFailure(error);
}
