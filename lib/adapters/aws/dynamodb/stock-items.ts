/**
 * The table of stock in DynamoDB. A write of one item is a plain conditional one, at half the price
 * of a transaction; a transaction that met another one on an item is tried again a few times.
 *
 * Counters are read at one moment by looking twice, since a TransactGetItems is cancelled by every
 * transaction that is under way on one of its items, also by one that will be refused: at the
 * edge of stock many buyers would keep each other from learning that nothing is left.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { StockItem, StockItemId, StockItems, WriteOutcome } from "#services/inventory/ports";
import { backOff } from "../backoff.ts";
import { isThrottledTransaction, storeFailure } from "./failures.ts";
import { answerWasLost } from "./lost-answers.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";
import {
  entryOf,
  holdKey,
  holdOf,
  type ItemFields,
  itemKey,
  itemOf,
  writesOf,
} from "./stock-layout.ts";
import { actionOf, type StockAction } from "./stock-writes.ts";

export type StockItemsProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** For the pauses between repetitions. Default: the system's. */
  readonly clock?: Clock;
};

/** DynamoDB's limit of a BatchGetItem. */
const BATCH_MAX = 100;
/** Of one batch, for what it left unread. */
const TRIES_MAX = 4;
/** The SDK repeats throttled requests, but not a transaction that met another one. */
const CONFLICTS_MAX = 6;
/** Of a snapshot, each two looks: one to three seconds in all. */
const LOOKS_MAX = 10;

export function dynamoStockItems({
  client,
  table,
  clock = systemClock,
}: StockItemsProps): StockItems {
  return {
    async items(ids) {
      const found: StockItem[] = [];
      for (let start = 0; start < ids.length; start += BATCH_MAX) {
        const some = await readBatch(client, table, ids.slice(start, start + BATCH_MAX));
        found.push(...some.map(itemOf));
      }
      return found;
    },

    async snapshot(ids) {
      const look = async () => await readBatch(client, table, ids);
      for (let round = 0; round < LOOKS_MAX; round += 1) {
        if (round > 0) await backOff(clock, round);
        const [before, after] = [await look(), await look()];
        if (areSame(before, after)) return after.map(itemOf);
      }
      throw new Failure("store-throttled", "retry", "Stock items changed while they were read.");
    },

    async hold(key) {
      const { Item } = await client
        .send(
          new GetItemCommand({
            TableName: table,
            Key: marshall(holdKey(key)),
            ConsistentRead: true,
          }),
        )
        .catch(refuse);
      return Item === undefined ? undefined : holdOf(unmarshall(Item));
    },

    write: (writes) =>
      unlessMet(clock, async () => {
        const actions = writes.map((write) => actionOf(table, write));
        const [only] = actions;
        return actions.length === 1 && only !== undefined
          ? await writeOne(client, only)
          : await writeAll(client, actions);
      }),
  };
}

type Outcomes = readonly WriteOutcome[] | undefined;

const writeOne = (client: DynamoDBClient, action: StockAction): Promise<Outcomes> =>
  ("Put" in action
    ? client.send(new PutItemCommand(action.Put))
    : client.send(new UpdateItemCommand(action.Update))
  ).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return [refusal(error.Item)];
    },
  );

const writeAll = (client: DynamoDBClient, actions: readonly StockAction[]): Promise<Outcomes> =>
  client.send(new TransactWriteItemsCommand({ TransactItems: [...actions] })).then(
    () => undefined,
    (error: unknown) => {
      if (isThrottledTransaction(error)) throw error;
      return refusedConditions(error).map((reason) =>
        isRefused(reason) ? refusal(reason.Item) : { isRefused: false },
      );
    },
  );

/** With what stands in the way. */
const refusal = (item: Parameters<typeof entryOf>[0] | undefined): WriteOutcome => ({
  isRefused: true,
  ...(item !== undefined && entryOf(item)),
});

/** Nothing was done where it met another transaction, so it is done again after a pause. */
async function unlessMet<Answer>(clock: Clock, act: () => Promise<Answer>): Promise<Answer> {
  for (let round = 0; ; round += 1) {
    try {
      return await act();
    } catch (error) {
      const isOver = round >= CONFLICTS_MAX || answerWasLost(error);
      if (isOver || !isThrottledTransaction(error)) throw storeFailure(error);
      await backOff(clock, round);
    }
  }
}

async function readBatch(
  client: DynamoDBClient,
  table: string,
  ids: readonly StockItemId[],
): Promise<readonly ItemFields[]> {
  const found: ItemFields[] = [];
  let keys = ids.map((id) => marshall(itemKey(id)));
  for (let tries = 0; tries < TRIES_MAX && keys.length > 0; tries += 1) {
    const RequestItems = { [table]: { Keys: keys, ConsistentRead: true } };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems })).catch(refuse);
    const items = answer.Responses?.[table] ?? [];
    found.push(...items.map((item) => unmarshall(item)));
    keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  if (keys.length === 0) return found;
  throw new Failure("store-throttled", "retry", `${keys.length} stock items were not read.`);
}

/** Nothing has changed between two looks, so in between all were as both saw them. */
function areSame(before: readonly ItemFields[], after: readonly ItemFields[]): boolean {
  const writes = new Map(before.map((item) => [item["pk"], writesOf(item)]));
  const isSame = (item: ItemFields): boolean => writes.get(item["pk"]) === writesOf(item);
  return before.length === after.length && after.every(isSame);
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}
