/**
 * The simulated provider's charges in DynamoDB: a charge and the answer to the key that made or
 * changed it are written in one transaction, so that a repeated request finds either both or
 * neither.
 *
 *     payment#<id>   charge    status, amount, currency, reference, refunded
 *     key#<key>      answer    requestHash, paymentId, status, refunded (the first answer, for ever)
 */
import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type {
  Charge,
  ChargeStatus,
  ChargeStore,
  ChargeWrite,
  KeyedAnswer,
} from "#services/provider/ports";
import { storeFailure } from "./failures.ts";
import { isRefused, refusedConditions } from "./refused-transaction.ts";

export type ChargeStoreProps = { readonly client: DynamoDBClient; readonly table: string };

type Fields = Readonly<Record<string, unknown>>;

/** Errors: as `storeFailure` maps them; `store-throttled` (retry) for conflicting transactions. */
export function dynamoChargeStore({ client, table }: ChargeStoreProps): ChargeStore {
  const read = async (key: { readonly pk: string; readonly sk: string }) => {
    const { Item } = await client
      .send(new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true }))
      .catch((error: unknown) => {
        throw storeFailure(error);
      });
    return Item === undefined ? undefined : unmarshall(Item);
  };

  const byId = async (paymentId: string): Promise<Charge | undefined> => {
    const item = await read(chargeKey(paymentId));
    return item === undefined ? undefined : chargeOf(paymentId, item);
  };

  /** The key decides before the charge: a repeated request must get its first answer. */
  const writeBoth = async (
    answer: KeyedAnswer,
    chargeWrite: TransactWriteItem,
  ): Promise<ChargeWrite> => {
    const writes = [putAnswer(table, answer), chargeWrite];
    return await client.send(new TransactWriteItemsCommand({ TransactItems: writes })).then(
      () => "written",
      (error: unknown) => (isRefused(refusedConditions(error)[0]) ? "exists" : "conflict"),
    );
  };

  return {
    byId,

    async byKey(key) {
      const item = await read(answerKey(key));
      if (item === undefined) return undefined;
      const answer = answerOf(key, item);
      const charge = await byId(answer.paymentId);
      return charge === undefined ? undefined : { ...answer, charge };
    },

    create: ({ paymentId, ...charge }, answer) =>
      writeBoth(answer, {
        Put: {
          TableName: table,
          Item: marshall({ ...chargeKey(paymentId), ...charge }),
          ConditionExpression: "attribute_not_exists(pk)",
        },
      }),

    move: (paymentId, from, to, answer) =>
      writeBoth(answer, moveStatus(table, paymentId, from, to)),

    refund: (asRead, amount, answer) => writeBoth(answer, addRefund(table, asRead, amount)),
  };
}

const chargeKey = (paymentId: string) => ({ pk: `payment#${paymentId}`, sk: "charge" });

const answerKey = (key: string) => ({ pk: `key#${key}`, sk: "answer" });

const putAnswer = (table: string, { key, ...answer }: KeyedAnswer): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: marshall({ ...answerKey(key), ...answer }),
    ConditionExpression: "attribute_not_exists(pk)",
  },
});

function moveStatus(
  table: string,
  paymentId: string,
  from: readonly ChargeStatus[],
  to: ChargeStatus,
): TransactWriteItem {
  const allowed = Object.fromEntries(from.map((status, index) => [`:from${index}`, status]));
  return {
    Update: {
      TableName: table,
      Key: marshall(chargeKey(paymentId)),
      UpdateExpression: "SET #status = :to",
      ConditionExpression: `#status IN (${Object.keys(allowed).join(", ")})`,
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: marshall({ ":to": to, ...allowed }),
    },
  };
}

const addRefund = (
  table: string,
  { paymentId, status, refunded }: Charge,
  amount: number,
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: marshall(chargeKey(paymentId)),
    UpdateExpression: "SET refunded = :after",
    ConditionExpression: "#status = :status AND refunded = :before",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: marshall({
      ":status": status,
      ":before": refunded,
      ":after": refunded + amount,
    }),
  },
});

const chargeOf = (paymentId: string, item: Fields): Charge => ({
  paymentId,
  status: item["status"] as ChargeStatus,
  amount: Number(item["amount"]),
  currency: String(item["currency"]),
  reference: String(item["reference"]),
  refunded: Number(item["refunded"]),
});

const answerOf = (key: string, item: Fields): KeyedAnswer => ({
  key,
  requestHash: String(item["requestHash"]),
  paymentId: String(item["paymentId"]),
  status: item["status"] as ChargeStatus,
  refunded: Number(item["refunded"]),
});
