/**
 * One stream's commits, in pages: all of them, those of some numbers, or the newest.
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { WithSnapshot } from "#contracts/snapshot";
import { Failure } from "#kernel/failure";
import type { Commit } from "#messaging";
import { COMMIT_PREFIX, commitKey, commitOf } from "./commit-items.ts";
import { storeFailure } from "./failures.ts";

export type CommitPlace = { readonly client: DynamoDBClient; readonly table: string };

export type CommitQuery = {
  /** Of commits; both ends belong to it. Default: all. */
  readonly numbers?: readonly [first: number, last: number];
  readonly newestFirst?: boolean;
  /** Answers, and reads, no more than these. Default: as many as there are. */
  readonly commitsMax?: number | undefined;
};

/**
 * A page holds up to 1 MB; a stream that needs more of them than this is refused rather than half
 * read.
 */
const PAGES_MAX = 64;

/**
 * Asks for the next page only when it is wanted. Errors: as the event store's; `store-unavailable`
 * (retry) for a stream of too many pages.
 */
export async function* queriedCommits(
  { client, table }: CommitPlace,
  stream: string,
  query: CommitQuery = {},
): AsyncGenerator<Commit & WithSnapshot> {
  let left = query.commitsMax;
  let from: Record<string, AttributeValue> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items = [], LastEvaluatedKey } = await client
      .send(new QueryCommand({ ...inputOf(table, stream, query, left), ExclusiveStartKey: from }))
      .catch((error: unknown) => {
        throw storeFailure(error);
      });
    for (const item of Items) {
      // One by one: what is not wanted any more need not be readable.
      const commit = commitOf(item);
      if (commit !== undefined) yield commit;
    }
    if (left !== undefined) left -= Items.length;
    if (LastEvaluatedKey === undefined || left === 0) return;
    from = LastEvaluatedKey;
  }
  throw new Failure(
    "store-unavailable",
    "retry",
    `The stream ${stream} has more than ${PAGES_MAX} pages of commits.`,
  );
}

const inputOf = (
  table: string,
  stream: string,
  { numbers, newestFirst }: CommitQuery,
  Limit: number | undefined,
) => ({
  TableName: table,
  ConsistentRead: true,
  ...(numbers === undefined
    ? {
        KeyConditionExpression: "pk = :stream AND begins_with(sk, :commits)",
        ExpressionAttributeValues: { ":stream": { S: stream }, ":commits": { S: COMMIT_PREFIX } },
      }
    : {
        KeyConditionExpression: "pk = :stream AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues: {
          ":stream": { S: stream },
          ":first": { S: commitKey(numbers[0]) },
          ":last": { S: commitKey(numbers[1]) },
        },
      }),
  ...(newestFirst === true ? { ScanIndexForward: false } : {}),
  Limit,
});
