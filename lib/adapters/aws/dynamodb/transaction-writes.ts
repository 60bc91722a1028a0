/**
 * How a consumer's effects become actions of the transaction that commits them with their head.
 */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Footprint } from "#messaging";

/** Contract: both are pure. */
export type TransactionWrites<Write> = {
  /** @param attemptId names the attempt, so that an item can tell which one wrote it. */
  action(write: Write, attemptId: string): TransactWriteItem;
  footprint(write: Write): Footprint;
};

/** For consumers whose state is in the head itself. */
export const noWrites: TransactionWrites<never> = {
  action: (write: never) => write,
  footprint: (write: never) => write,
};
