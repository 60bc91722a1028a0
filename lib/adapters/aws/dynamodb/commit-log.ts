/**
 * All commits of an event store since an instant, by a scan of its table. An index by time would
 * make every commit dearer for what operators and one repair a day ask; a scan costs half a read
 * unit for 4 KB.
 */
import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { Commit, CommitLog } from "#messaging";
import { COMMIT_PREFIX, commitOf } from "./commit-items.ts";
import { storeFailure } from "./failures.ts";

export type CommitLogProps = {
  readonly client: DynamoDBClient;
  /** Of the event store. */
  readonly table: string;
};

/** Of 1 MB each (Scan, "ExclusiveStartKey"): a table of 100 GB. */
const PAGES_MAX = 100_000;

/** Errors beyond the port's: `store-unavailable` (retry) for a table of too many pages. */
export const dynamoCommitLog = ({ client, table }: CommitLogProps): CommitLog => ({
  async *since(since) {
    let from: Record<string, AttributeValue> | undefined;
    let unreadable: Failure | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { Items = [], LastEvaluatedKey } = await client
        .send(new ScanCommand(pageInput(table, since, from)))
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      const commits: Commit[] = [];
      for (const item of Items) {
        const read = readable(item);
        if (isFailure(read)) unreadable ??= read;
        else if (read !== undefined) commits.push(read);
      }
      if (commits.length > 0) yield commits;
      if (LastEvaluatedKey === undefined) {
        if (unreadable !== undefined) throw unreadable;
        return;
      }
      from = LastEvaluatedKey;
    }
    const message = `The table ${table} has more than ${PAGES_MAX} pages.`;
    throw new Failure("store-unavailable", "retry", message);
  },
});

function readable(item: Record<string, AttributeValue>): Commit | Failure | undefined {
  try {
    return commitOf(item);
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

const pageInput = (
  TableName: string,
  since: EpochMs,
  from: Record<string, AttributeValue> | undefined,
) => ({
  TableName,
  FilterExpression: "begins_with(sk, :commits) AND recordedAt >= :since",
  ExpressionAttributeValues: { ":commits": { S: COMMIT_PREFIX }, ":since": { N: String(since) } },
  ...(from === undefined ? {} : { ExclusiveStartKey: from }),
});
