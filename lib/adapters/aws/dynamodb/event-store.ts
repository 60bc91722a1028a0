/**
 * The event store in DynamoDB: one conditional write per commit. The table's change stream is the
 * outbox.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { StreamTails, WithSnapshot } from "#contracts/snapshot";
import { Failure } from "#kernel/failure";
import { type NewId, randomIds } from "#kernel/ids";
import type { AppendWrite, Commit, EventStore } from "#messaging";
import { COMMIT_PREFIX, commitItem, commitOf } from "./commit-items.ts";
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
 * A page holds up to 1 MB; a stream that needs more of them than this is refused rather than half
 * read.
 */
const PAGES_MAX = 64;

/**
 * Errors beyond the port's: `store-unavailable` (retry) when DynamoDB refuses, or for a stream of
 * too many pages.
 */
export function dynamoEventStore({
  client,
  table,
  newId = randomIds,
}: EventStoreProps): EventStore & StreamTails<Commit> {
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

    async read(stream) {
      const commits: Commit[] = [];
      let from: Record<string, AttributeValue> | undefined;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const { Items = [], LastEvaluatedKey } = await client
          .send(new QueryCommand(pageInput(table, stream, from)))
          .catch((error: unknown) => {
            throw storeFailure(error);
          });
        for (const item of Items) {
          const commit = commitOf(item);
          if (commit !== undefined) commits.push(commit);
        }
        if (LastEvaluatedKey === undefined) return commits;
        from = LastEvaluatedKey;
      }
      throw tooLong(stream);
    },

    async tail(stream, commitsMax) {
      const commits: (Commit & WithSnapshot)[] = [];
      let from: Record<string, AttributeValue> | undefined;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const Limit = commitsMax - commits.length;
        const newestFirst = { ...pageInput(table, stream, from), ScanIndexForward: false, Limit };
        const { Items = [], LastEvaluatedKey } = await client
          .send(new QueryCommand(newestFirst))
          .catch((error: unknown) => {
            throw storeFailure(error);
          });
        commits.push(...Items.flatMap((item) => commitOf(item) ?? []));
        if (LastEvaluatedKey === undefined || commits.length === commitsMax) {
          return commits.toReversed();
        }
        from = LastEvaluatedKey;
      }
      throw tooLong(stream);
    },
  };
}

const tooLong = (stream: string): Failure =>
  new Failure(
    "store-unavailable",
    "retry",
    `The stream ${stream} has more than ${PAGES_MAX} pages of commits.`,
  );

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

const pageInput = (
  table: string,
  stream: string,
  from: Record<string, AttributeValue> | undefined,
) => ({
  TableName: table,
  ConsistentRead: true,
  KeyConditionExpression: "pk = :stream AND begins_with(sk, :commits)",
  ExpressionAttributeValues: { ":stream": { S: stream }, ":commits": { S: COMMIT_PREFIX } },
  ...(from === undefined ? {} : { ExclusiveStartKey: from }),
});
