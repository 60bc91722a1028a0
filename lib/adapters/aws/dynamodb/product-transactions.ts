/**
 * Many products in few requests, each on its own condition: a transaction is all or none, so one
 * whose product another writer has changed is sent again without it.
 */
import {
  type CancellationReason,
  type DynamoDBClient,
  type Put,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { Product } from "#services/products/ports";
import { backOff } from "../backoff.ts";
import { requestBatches } from "../request-batches.ts";
import { storeFailure } from "./failures.ts";
import { itemBytes } from "./item-size.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";

export type ConditionalPut = {
  readonly product: Product;
  readonly put: Put & { readonly TableName: string };
};

type Writing = { readonly client: DynamoDBClient; readonly clock: Clock };

/** DynamoDB, TransactWriteItems: "up to 100 action requests", "4 MB in size" together. */
const TRANSACTION = { entriesMax: 100, bytesMax: 3_500_000 };
/** Conflicts with a writer of the same products and throttles, and products refused in between. */
const ATTEMPTS_MAX = 10;

/** Answers the SKUs that were refused. The requests go out side by side: no SKU is in two. */
export async function writeInTransactions(
  writing: Writing,
  puts: readonly ConditionalPut[],
): Promise<readonly string[]> {
  const sized = puts.map((one) => ({ ...one, bytes: itemBytes(one.put.Item ?? {}) }));
  const refused = await Promise.all(
    [...requestBatches(sized, TRANSACTION)].map((some) => writeTogether(writing, some)),
  );
  return refused.flat();
}

async function writeTogether(
  { client, clock }: Writing,
  puts: readonly ConditionalPut[],
): Promise<readonly string[]> {
  const refused: string[] = [];
  let left = puts;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const command = new TransactWriteItemsCommand({
      TransactItems: left.map(({ put }) => ({ Put: put })),
    });
    const reasons = await client.send(command).then(() => undefined, reasonsOf);
    if (reasons === undefined) return refused;
    refused.push(
      ...left.flatMap((one, index) => (isRefused(reasons[index]) ? one.product.sku : [])),
    );
    left = left.filter((_, index) => !isRefused(reasons[index]));
    if (left.length === 0) return refused;
    if (reasons.length === 0) await backOff(clock, attempt);
  }
  throw new Failure("store-throttled", "retry", `${left.length} products could not be written.`);
}

/** None: the table was too busy, nobody is to blame. */
function reasonsOf(error: unknown): readonly CancellationReason[] {
  if (storeFailure(error).code === "store-throttled") return [];
  return refusedConditions(error);
}
