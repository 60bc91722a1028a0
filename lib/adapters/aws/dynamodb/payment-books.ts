/**
 * The payments' table as books: an order by one query of its partition, all of them by a scan,
 * since who asks for all of them asks seldom.
 */
import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
  type ScanCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type {
  Books,
  Line,
  Movement,
  MovementName,
  OrderBooks,
  StepName,
} from "#services/payments/ports";
import { storeFailure } from "./failures.ts";
import { LEDGER, ORDER, STEP, stepOf } from "./payment-steps.ts";
import { cursorOf, startAt } from "./scan-cursor.ts";

export type PaymentBooksProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Items that one page looks at. Default 500. */
  readonly pageItems?: number;
};

type Item = Readonly<Record<string, unknown>>;

/** More than the items of an order: each of its refunds has two. */
const QUERY_PAGES_MAX = 100;

export function dynamoPaymentBooks({ client, table, pageItems = 500 }: PaymentBooksProps): Books {
  const scan = async (
    cursor?: string,
    only: Pick<ScanCommandInput, "ProjectionExpression"> = {},
  ) => {
    const from = cursor === undefined ? undefined : startAt(cursor);
    const { Items = [], LastEvaluatedKey } = await client
      .send(
        new ScanCommand({
          TableName: table,
          Limit: pageItems,
          ConsistentRead: true,
          ...only,
          ...(from && { ExclusiveStartKey: from }),
        }),
      )
      .catch(failed);
    const items = Items.map((item) => unmarshall(item)).filter(({ pk }) =>
      String(pk).startsWith(ORDER),
    );
    const byOrder = Map.groupBy(items, ({ pk }) => String(pk).slice(ORDER.length));
    return LastEvaluatedKey === undefined
      ? { byOrder }
      : { byOrder, next: cursorOf(LastEvaluatedKey) };
  };

  return {
    async ofOrder(orderId) {
      const items: Item[] = [];
      let from: Record<string, AttributeValue> | undefined;
      for (let page = 0; page < QUERY_PAGES_MAX; page += 1) {
        const { Items = [], LastEvaluatedKey } = await client
          .send(
            new QueryCommand({
              TableName: table,
              KeyConditionExpression: "pk = :pk",
              ExpressionAttributeValues: marshall({ ":pk": `${ORDER}${orderId}` }),
              ConsistentRead: true,
              ...(from && { ExclusiveStartKey: from }),
            }),
          )
          .catch(failed);
        items.push(...Items.map((item) => unmarshall(item)));
        if (LastEvaluatedKey === undefined) return booksOf(orderId, items);
        from = LastEvaluatedKey;
      }
      throw new Failure("store-unavailable", "retry", `Order ${orderId} has too many items.`);
    },

    async page(cursor) {
      const { byOrder, ...next } = await scan(cursor);
      return { orders: [...byOrder].map(([orderId, some]) => booksOf(orderId, some)), ...next };
    },

    async orderIds(cursor) {
      const { byOrder, ...next } = await scan(cursor, { ProjectionExpression: "pk" });
      return { orderIds: [...byOrder.keys()], ...next };
    },
  };
}

const failed = (error: unknown): never => {
  throw storeFailure(error);
};

const booksOf = (orderId: string, items: readonly Item[]): OrderBooks => ({
  orderId,
  steps: named(items, STEP).map(([name, item]) => ({
    name: name as StepName,
    step: stepOf(item),
    version: Number(item["version"]),
  })),
  movements: named(items, LEDGER).map(([name, item]) => movementOf(orderId, name, item)),
});

const named = (items: readonly Item[], prefix: string): readonly (readonly [string, Item])[] =>
  items.flatMap((item) => {
    const sk = String(item["sk"]);
    return sk.startsWith(prefix) ? [[sk.slice(prefix.length), item] as const] : [];
  });

const movementOf = (orderId: string, name: string, item: Item): Movement => ({
  name: name as MovementName,
  orderId,
  paymentId: String(item["paymentId"]),
  currency: String(item["currency"]),
  lines: item["lines"] as readonly Line[],
  at: Number(item["at"]) as EpochMs,
});
