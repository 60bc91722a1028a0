/**
 * Reviews in DynamoDB: one item for each customer and product, written in one transaction with the
 * stars of the product.
 */
import {
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { PUBLISHED_REVIEWS } from "#contracts/indexes";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { canonicalJson } from "#kernel/hash";
import type { Rating, Review, ReviewStore } from "#services/products/ports";
import { backOff } from "../backoff.ts";
import { storeFailure } from "./failures.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";
import { reviewIdOfKey, reviewItem, reviewOf } from "./review-items.ts";

export type ReviewStoreProps = {
  readonly client: DynamoDBClient;
  /** Of the reviews. */
  readonly table: string;
  readonly productsTable: string;
  /** Waits between attempts at a product that somebody else is at. */
  readonly clock?: Clock;
};

const { name: IndexName, partitionKey, sortKey } = PUBLISHED_REVIEWS;

/** Errors: as `storeFailure` maps them. */
export function dynamoReviewStore(props: ReviewStoreProps): ReviewStore {
  const { client, table, productsTable, clock = systemClock } = props;
  return {
    async get(sku, reviewId) {
      const Key = marshall({ sku, reviewId });
      const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
      const { Item } = await client.send(command).catch(refuse);
      return Item === undefined ? undefined : reviewOf(Item);
    },

    async write(review, change) {
      const TransactItems = [
        putOver(table, review),
        ...(change.count === 0 && change.sum === 0
          ? []
          : [addStars(productsTable, review, change)]),
      ];
      const command = new TransactWriteItemsCommand({ TransactItems });
      const [ofReview, ofProduct] = await decided(client, clock, command);
      if (isRefused(ofReview)) return isThere(ofReview, review) ? "written" : "refused";
      return isRefused(ofProduct) ? "no-product" : "written";
    },

    async list({ sku, limit, after }) {
      const command = new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: `${partitionKey} = :sku`,
        ExpressionAttributeValues: { ":sku": { S: sku } },
        ScanIndexForward: false,
        // One more than asked for tells whether more follow.
        Limit: limit + 1,
        ...(after === undefined ? {} : { ExclusiveStartKey: startKey(sku, after) }),
      });
      const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
      const shown = Items.slice(0, limit);
      const more = Items.length > limit || LastEvaluatedKey !== undefined;
      return {
        reviews: shown.map(reviewOf),
        next: more ? shown.at(-1)?.[sortKey]?.S : undefined,
      };
    },
  };
}

/** A product that many review at once is worth some patience. */
const ATTEMPTS_MAX = 10;

/** The reasons of a refusal, none where all is written. */
async function decided(
  client: DynamoDBClient,
  clock: Clock,
  command: TransactWriteItemsCommand,
): Promise<readonly CancellationReason[]> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const reasons = await client.send(command).then(() => [], reasonsOf);
    if (reasons !== undefined) return reasons;
    await backOff(clock, attempt);
  }
  throw new Failure("store-throttled", "retry", "Too many are at the stars of one product.");
}

function reasonsOf(error: unknown): readonly CancellationReason[] | undefined {
  return storeFailure(error).code === "store-throttled" ? undefined : refusedConditions(error);
}

function putOver(table: string, review: Review): TransactWriteItem {
  const before = review.version - 1;
  return {
    Put: {
      TableName: table,
      Item: reviewItem(review),
      ConditionExpression: before === 0 ? "attribute_not_exists(#version)" : "#version = :before",
      ExpressionAttributeNames: { "#version": "version" },
      ...(before === 0 ? {} : { ExpressionAttributeValues: marshall({ ":before": before }) }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

/** Sums go on whatever the product's version is, so two reviewers never wait for each other. */
const addStars = (
  table: string,
  { sku, updatedAt }: Review,
  { count, sum }: Rating,
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: marshall({ sku }),
    UpdateExpression: "SET #at = :at ADD #count :count, #sum :sum, #version :one",
    ConditionExpression: "attribute_exists(sku)",
    ExpressionAttributeNames: {
      "#at": "updatedAt",
      "#count": "ratingCount",
      "#sum": "ratingSum",
      "#version": "version",
    },
    ExpressionAttributeValues: marshall({
      ":at": updatedAt,
      ":count": count,
      ":sum": sum,
      ":one": 1,
    }),
  },
});

const isThere = (reason: CancellationReason | undefined, review: Review): boolean =>
  reason?.Item !== undefined && canonicalJson(reviewOf(reason.Item)) === canonicalJson(review);

const startKey = (sku: string, position: string) =>
  marshall({
    [partitionKey]: sku,
    [sortKey]: position,
    sku,
    reviewId: reviewIdOfKey(position),
  });

function refuse(error: unknown): never {
  throw storeFailure(error);
}
