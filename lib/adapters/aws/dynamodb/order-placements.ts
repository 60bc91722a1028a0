/**
 * An order's first commit, with what is written beside it: one conditional write, or one
 * transaction where the order takes a reference or a cart.
 *
 *     reference#<digest>    reference    orderId; beside the commits, which are told by their keys
 */
import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "#kernel/clock";
import { isFailure } from "#kernel/failure";
import { sha256Crockford26 } from "#kernel/hash";
import { type NewId, randomIds } from "#kernel/ids";
import type { OrderPlacements, PlacedBeside, PlacementAnswer } from "#services/orders/ports";
import { backOff } from "../backoff.ts";
import { orderCart } from "./cart-store.ts";
import { commitOf } from "./commit-items.ts";
import { appendWrites, dynamoEventStore } from "./event-store.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";

export type OrderPlacementsProps = {
  readonly client: DynamoDBClient;
  /** Of the orders' commits. */
  readonly table: string;
  readonly cartsTable: string;
  /** Names each attempt. Default: random. */
  readonly newId?: NewId;
  /** Waits after a conflict with another transaction. */
  readonly clock?: Clock;
};

/** Of a transaction that met another one on its items: a twin of the request, as a rule. */
const TRIES_MAX = 4;

/** Errors: as the event store's. */
export function dynamoOrderPlacements(props: OrderPlacementsProps): OrderPlacements {
  const { client, table, cartsTable, newId = randomIds, clock = systemClock } = props;
  const plain = dynamoEventStore({ client, table, newId });

  const transact = async (
    commit: Parameters<OrderPlacements["begin"]>[0],
    { reference, cart }: PlacedBeside,
  ): Promise<PlacementAnswer> => {
    const attempt = newId();
    const orderId = commit.stream;
    const items: TransactWriteItem[] = [
      appendWrites(table).action({ kind: "append", commit }, attempt),
    ];
    if (cart !== undefined) items.push(orderCart(cartsTable, { ...cart, orderId }));
    if (reference !== undefined) items.push(takeReference(table, reference, orderId));
    const refused = await client
      .send(new TransactWriteItemsCommand({ TransactItems: items }))
      .then(() => undefined, refusedConditions);
    if (refused === undefined) return { kind: "appended" };
    const [ofCommit, ...ofOthers] = refused;
    if (isRefused(ofCommit) && ofCommit?.Item !== undefined) {
      // The client repeats a request whose answer was lost, and then meets its own commit.
      if (ofCommit.Item["attempt"]?.S === attempt) return { kind: "appended" };
      const standing = commitOf(ofCommit.Item);
      if (standing !== undefined) return { kind: "exists", commit: standing };
    }
    if (cart !== undefined && isRefused(ofOthers[0])) return { kind: "cart-changed" };
    return { kind: "reference-taken", orderId: ofOthers.at(-1)?.Item?.["orderId"]?.S ?? "" };
  };

  return {
    read: (stream, range) => plain.read(stream, range),
    async begin(commit, beside) {
      if (beside.reference === undefined && beside.cart === undefined) return plain.append(commit);
      for (let round = 0; ; round += 1) {
        try {
          return await transact(commit, beside);
        } catch (error) {
          const isOver = round + 1 >= TRIES_MAX;
          if (isOver || !isFailure(error) || error.code !== "store-throttled") throw error;
          await backOff(clock, round);
        }
      }
    },
  };
}

const takeReference = (
  table: string,
  { customerId, text }: NonNullable<PlacedBeside["reference"]>,
  orderId: string,
): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: {
      pk: { S: `reference#${sha256Crockford26(JSON.stringify([customerId, text]))}` },
      sk: { S: "reference" },
      orderId: { S: orderId },
    },
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});
