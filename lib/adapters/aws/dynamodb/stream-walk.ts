/**
 * All streams of an event store, by a scan for their first commits: for whoever makes something
 * anew from all of them.
 */
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { StreamWalk } from "#contracts/projection";
import { COMMIT_PREFIX } from "./commit-items.ts";
import { storeFailure } from "./failures.ts";
import { cursorOf, startAt } from "./scan-cursor.ts";

export type StreamWalkProps = {
  readonly client: DynamoDBClient;
  /** Of the event store. */
  readonly table: string;
  /** Items that a page looks at. Default: what 1 MB holds. */
  readonly pageItems?: number;
};

const FIRST_COMMIT = `${COMMIT_PREFIX}${"1".padStart(10, "0")}`;

/** Errors: as `storeFailure` maps them. */
export const dynamoStreamWalk = ({ client, table, pageItems }: StreamWalkProps): StreamWalk => ({
  async page(after) {
    const command = new ScanCommand({
      TableName: table,
      // A stream that is left out would be left out for good.
      ConsistentRead: true,
      FilterExpression: "sk = :first",
      ProjectionExpression: "pk",
      ExpressionAttributeValues: { ":first": { S: FIRST_COMMIT } },
      ...(pageItems === undefined ? {} : { Limit: pageItems }),
      ...(after === undefined ? {} : { ExclusiveStartKey: startAt(after) }),
    });
    const answer = await client.send(command).catch((error: unknown) => {
      throw storeFailure(error);
    });
    const { Items = [], ScannedCount = 0, LastEvaluatedKey } = answer;
    return {
      streams: Items.map(({ pk }) => pk?.S ?? ""),
      looked: ScannedCount,
      ...(LastEvaluatedKey === undefined ? {} : { next: cursorOf(LastEvaluatedKey) }),
    };
  },
});
