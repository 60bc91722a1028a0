/**
 * How far a consumer has come in one stream, and what it has made of it: the read side of a fold.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import type { Head } from "#messaging";

export type ConsumerHeads = {
  /** The table with the consumer's heads. */
  readonly table: string;
  /** Its name. */
  readonly consumer: string;
};

/**
 * Strongly consistent; undefined for a stream of which nothing has come. `state` is a fold's state,
 * `last` the sequence up to which all is applied, `halt` why nothing more is.
 *
 * Errors: `store-throttled`, `store-unavailable`, `outcome-unknown` (retry).
 */
export const readHead = (
  { table, consumer }: ConsumerHeads,
  stream: string,
): Promise<Head | undefined> =>
  dynamoHeadStore({ client: dynamoClient(), table, consumer, writes: noWrites }).read(stream);
