/**
 * The event store in DynamoDB: one conditional write per commit. The table's change stream is the
 * outbox.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { StreamTails } from "#contracts/snapshot";
import { type NewId, randomIds } from "#kernel/ids";
import type { AppendWrite, Commit, EventStore } from "#messaging";
import { commitItem, commitOf } from "./commit-items.ts";
import { queriedCommits } from "./commit-query.ts";
import { commitsInRange } from "./commit-range.ts";
import { storeFailure } from "./failures.ts";
import { itemBytes } from "./item-size.ts";
import type { TransactionWrites } from "./transaction-writes.ts";

export type EventStoreProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Names each append. Default: random. */
  readonly newId?: NewId;
};

/**
 * Errors beyond the port's: `store-unavailable` (retry) when DynamoDB refuses, or for a stream of
 * too many pages.
 */
export function dynamoEventStore({
  client,
  table,
  newId = randomIds,
}: EventStoreProps): EventStore & StreamTails<Commit> {
  const place = { client, table };
  return {
    async append(commit) {
      const attempt = newId();
      try {
        await client.send(new PutItemCommand(appendInput(table, commit, attempt)));
        return { kind: "appended" };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw storeFailure(error);
        const standing = error.Item === undefined ? undefined : commitOf(error.Item);
        if (standing === undefined) throw storeFailure(error);
        // The client repeats a request whose answer was lost, and then meets its own commit.
        const isOurs = error.Item?.["attempt"]?.S === attempt;
        return isOurs ? { kind: "appended" } : { kind: "exists", commit: standing };
      }
    },

    async read(stream, range) {
      if (range !== undefined) return commitsInRange(place, stream, range);
      return allOf(queriedCommits(place, stream));
    },

    async tail(stream, commitsMax) {
      const query = { newestFirst: true, commitsMax };
      return (await allOf(queriedCommits(place, stream, query))).toReversed();
    },
  };
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Appends as a consumer's effect, in the same transaction as its head. */
export const appendWrites = (table: string): TransactionWrites<AppendWrite> => ({
  action: ({ commit }, attemptId) => ({ Put: appendInput(table, commit, attemptId) }),
  footprint: ({ commit }) => ({
    item: `${commit.stream}/${commit.number}`,
    // An attempt's id has the length of a UUID; what stands here only takes up its room.
    bytes: itemBytes(commitItem(commit, "00000000-0000-0000-0000-000000000000")),
  }),
});

const appendInput = (table: string, commit: Commit, attempt: string) => ({
  TableName: table,
  Item: commitItem(commit, attempt),
  ConditionExpression: "attribute_not_exists(pk)",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
});
