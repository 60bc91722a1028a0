/**
 * Everything in one order's partition: its commits, and beside them how far its fulfilment reports
 * have come.
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { SERVICES } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import type { Commit, Head } from "#messaging";
import type { OrderRecords } from "#services/orders/ports";
import { commitOf } from "./commit-items.ts";
import { storeFailure } from "./failures.ts";
import { headSort } from "./head-keys.ts";
import { headOf } from "./head-store.ts";

/** Name of the consumer whose heads stand beside the orders' commits. */
export const FULFILMENT_CONSUMER = SERVICES.fulfilment;

export type OrderRecordsProps = { readonly client: DynamoDBClient; readonly table: string };

/**
 * A page holds up to 1 MB; an order that needs more of them than this is refused rather than half
 * read.
 */
const PAGES_MAX = 64;

/**
 * Errors beyond the port's: `storeFailure`'s, and `store-unavailable` (retry) for an order of too
 * many pages.
 */
export const dynamoOrderRecords = ({ client, table }: OrderRecordsProps): OrderRecords => ({
  async read(orderId) {
    const commits: Commit[] = [];
    let fulfilment: Head | undefined;
    let from: Record<string, AttributeValue> | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const command = new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :order",
        ExpressionAttributeValues: { ":order": { S: orderId } },
        ...(from !== undefined && { ExclusiveStartKey: from }),
      });
      const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
      for (const item of Items) {
        const commit = commitOf(item);
        if (commit !== undefined) commits.push(commit);
        if (item["sk"]?.S === FULFILMENT_HEAD) fulfilment = headOf(item, orderId);
      }
      if (LastEvaluatedKey === undefined) return { commits, fulfilment };
      from = LastEvaluatedKey;
    }
    const message = `Order ${orderId} has more than ${PAGES_MAX} pages of commits.`;
    throw new Failure("store-unavailable", "retry", message);
  },
});

const FULFILMENT_HEAD = headSort(FULFILMENT_CONSUMER);

function refuse(error: unknown): never {
  throw storeFailure(error);
}
