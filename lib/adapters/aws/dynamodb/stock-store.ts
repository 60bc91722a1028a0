/**
 * Stock in DynamoDB: an item per SKU with what is available and what is reserved, and an item per
 * order with its reservation. A reservation and all of its units are one transaction.
 *
 *     sku#<sku>     stock         available, reserved: their sum is what is on hand
 *     order#<id>    reservation   status, lines, recordedAt, event; a tombstone has no lines
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { ReservationLine, ReserveAnswer, StockStore } from "#services/inventory/ports";
import { storeFailure } from "./failures.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";
import { reservationKey, reservationOf, type Reservation, stockKey } from "./stock-items.ts";
import { readStockLevels } from "./stock-levels.ts";

export type StockStoreProps = { readonly client: DynamoDBClient; readonly table: string };

/** One of a transaction's 100 items is the reservation. */
const LINES_MAX = 99;
/** Of a release that finds the reservation changed since it was read. */
const RELEASE_TRIES_MAX = 5;

/** Errors beyond the port's: `invalid-request` (reject) for more lines than a transaction holds. */
export function dynamoStockStore({ client, table }: StockStoreProps): StockStore {
  const writeAll = (writes: readonly TransactWriteItem[]) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] })).then(
      () => undefined,
      (error: unknown) => refusedConditions(error),
    );

  const readReservation = async (orderId: string): Promise<Reservation | undefined> => {
    const { Item } = await client
      .send(
        new GetItemCommand({
          TableName: table,
          Key: marshall(reservationKey(orderId)),
          ConsistentRead: true,
        }),
      )
      .catch(refuse);
    return Item === undefined ? undefined : reservationOf(unmarshall(Item));
  };

  return {
    levels: (skus) => readStockLevels(client, table, skus),

    async reserve(orderId, lines, now) {
      if (lines.length > LINES_MAX) throw tooManyLines(lines.length);
      const refused = await writeAll([
        putFirst(table, orderId, { status: "reserved", lines }, now),
        ...lines.map((line) => reserveUnits(table, line)),
      ]);
      if (refused === undefined) return { kind: "reserved" };
      const [ofReservation, ...ofLines] = refused;
      if (isRefused(ofReservation)) return repeatedReserve(ofReservation?.Item);
      const short = lines.filter((_, index) => isRefused(ofLines[index]));
      return { kind: "out-of-stock", skus: short.map(({ sku }) => sku) };
    },

    async release(orderId, now) {
      for (let tries = 0; tries < RELEASE_TRIES_MAX; tries += 1) {
        const present = await readReservation(orderId);
        if (present?.status === "released") return "already-released";
        const refused = await writeAll(
          present === undefined
            ? [putFirst(table, orderId, { status: "released", lines: [] }, now)]
            : [
                markReleased(table, orderId, now),
                ...present.lines.map((line) => giveBackUnits(table, line)),
              ],
        );
        if (refused === undefined) return present === undefined ? "tombstone" : "released";
        if (!isRefused(refused[0])) throw unitsMissing(orderId);
      }
      throw new Failure("conflict", "retry", `The reservation of ${orderId} keeps changing.`);
    },

    async receive(sku, available) {
      return await client
        .send(new UpdateItemCommand({ TableName: table, ...raiseTo(sku, available) }))
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof ConditionalCheckFailedException) return false;
            throw storeFailure(error);
          },
        );
    },
  };
}

/** The order's first and only reservation, or the tombstone in its place. */
function putFirst(
  table: string,
  orderId: string,
  { status, lines }: Reservation,
  now: EpochMs,
): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: marshall({
        ...reservationKey(orderId),
        status,
        lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
        recordedAt: now,
        event: `stock.${status}`,
      }),
      ConditionExpression: "attribute_not_exists(pk)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

function markReleased(table: string, orderId: string, now: EpochMs): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: marshall(reservationKey(orderId)),
      UpdateExpression: "SET #status = :released, #recordedAt = :now, #event = :event",
      ConditionExpression: "#status = :reserved",
      ExpressionAttributeNames: {
        "#status": "status",
        "#recordedAt": "recordedAt",
        "#event": "event",
      },
      ExpressionAttributeValues: marshall({
        ":released": "released",
        ":reserved": "reserved",
        ":now": now,
        ":event": "stock.released",
      }),
    },
  };
}

/** A SKU without an item fails the condition as one without stock does. */
const reserveUnits = (table: string, line: ReservationLine): TransactWriteItem =>
  moveUnits(table, line, {
    UpdateExpression: "SET #available = #available - :units, #reserved = #reserved + :units",
    ConditionExpression: "#available >= :units",
  });

const giveBackUnits = (table: string, line: ReservationLine): TransactWriteItem =>
  moveUnits(table, line, {
    UpdateExpression: "SET #available = #available + :units, #reserved = #reserved - :units",
    ConditionExpression: "#reserved >= :units",
  });

const UNIT_NAMES = { "#available": "available", "#reserved": "reserved" };

const moveUnits = (
  table: string,
  { sku, quantity }: ReservationLine,
  move: { readonly UpdateExpression: string; readonly ConditionExpression: string },
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: marshall(stockKey(sku)),
    ...move,
    ExpressionAttributeNames: UNIT_NAMES,
    ExpressionAttributeValues: marshall({ ":units": quantity }),
  },
});

const raiseTo = (sku: string, available: number) => ({
  Key: marshall(stockKey(sku)),
  UpdateExpression: "SET #available = :level, #reserved = if_not_exists(#reserved, :none)",
  ConditionExpression: "attribute_not_exists(#available) OR #available < :level",
  ExpressionAttributeNames: UNIT_NAMES,
  ExpressionAttributeValues: marshall({ ":level": available, ":none": 0 }),
});

function repeatedReserve(present: Parameters<typeof unmarshall>[0] | undefined): ReserveAnswer {
  const released = present !== undefined && unmarshall(present)["status"] === "released";
  return { kind: released ? "released" : "already-reserved" };
}

function refuse(error: unknown): never {
  throw storeFailure(error);
}

const tooManyLines = (count: number): Failure =>
  new Failure(
    "invalid-request",
    "reject",
    `A reservation has at most ${LINES_MAX} SKUs; received ${count}: split the order.`,
  );

/** Releasing more than is reserved would make stock out of nothing: somebody has to look. */
const unitsMissing = (orderId: string): Failure =>
  new Failure(
    "unexpected",
    "halt",
    `Order ${orderId} has reserved more units than its SKUs have reserved in all; count the stock.`,
  );
