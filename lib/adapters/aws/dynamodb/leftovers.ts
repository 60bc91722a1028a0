/**
 * What generations of a projection have left behind, found by a scan of its table and deleted.
 */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { isLeftOver, type ItemKey, type Leftovers } from "#contracts/projection";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { backOff } from "../backoff.ts";
import { storeFailure } from "./failures.ts";

export type LeftoversProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Whose an item is; undefined for one that stays in any case. */
  readonly generationOf: (key: ItemKey) => number | undefined;
  /** Hears how many items have been looked at, page by page. */
  readonly onLooked?: (count: number) => void;
  /** For the pauses between repetitions. Default: the system's. */
  readonly clock?: Clock;
};

/** Of 1 MB each: a table of 100 GB. */
const PAGES_MAX = 100_000;
/** API_BatchWriteItem: "as many as 25 item put or delete operations". */
const BATCH_MAX = 25;
const ROUNDS_MAX = 10;

type Key = Record<string, AttributeValue>;

/** Errors: as `storeFailure` maps them; `store-unavailable` (retry) for too many pages. */
export const dynamoLeftovers = (props: LeftoversProps): Leftovers => ({
  async drop(kept) {
    const { client, table: TableName, generationOf, onLooked } = props;
    let [dropped, looked] = [0, 0];
    let from: Key | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await client
        .send(
          new ScanCommand({
            TableName,
            ConsistentRead: true,
            ProjectionExpression: "pk, sk",
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        )
        .catch(refuse);
      const keys = (answer.Items ?? []).filter(({ pk, sk }) => {
        const generation = generationOf({ pk: pk?.S ?? "", sk: sk?.S ?? "" });
        return generation !== undefined && isLeftOver(generation, kept);
      });
      for (let done = 0; done < keys.length; done += BATCH_MAX) {
        await deleteAll(props, keys.slice(done, done + BATCH_MAX));
      }
      dropped += keys.length;
      looked += answer.ScannedCount ?? 0;
      onLooked?.(looked);
      if (answer.LastEvaluatedKey === undefined) return dropped;
      from = answer.LastEvaluatedKey;
    }
    const message = `The table ${TableName} has more than ${PAGES_MAX} pages.`;
    throw new Failure("store-unavailable", "retry", message);
  },
});

/** A batch deletes what it has capacity for; the rest is asked for again. */
async function deleteAll(
  { client, table, clock = systemClock }: LeftoversProps,
  keys: readonly Key[],
): Promise<void> {
  let requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { UnprocessedItems = {} } = await client
      .send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }))
      .catch(refuse);
    requests = (UnprocessedItems[table] ?? []) as typeof requests;
    if (requests.length === 0) return;
    await backOff(clock, round);
  }
  throw new Failure(
    "store-throttled",
    "retry",
    `${requests.length} items were not deleted in ${ROUNDS_MAX} requests.`,
  );
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}
