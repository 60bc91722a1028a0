/**
 * Whose order it is, from its first commit; remembered, since it never changes.
 */
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { recentMap } from "#kernel/recent-map";
import type { OrderOwners } from "#services/webhooks/ports";
import { COMMIT_PREFIX, commitOf } from "./commit-items.ts";
import { storeFailure } from "./failures.ts";

export type OrderOwnersProps = { readonly client: DynamoDBClient; readonly table: string };

const REMEMBERED_MAX = 10_000;
const FIRST_COMMIT = `${COMMIT_PREFIX}0000000001`;

/** Errors: as `storeFailure` maps them, and those of a commit that cannot be read. */
export function dynamoOrderOwners({ client, table }: OrderOwnersProps): OrderOwners {
  const owners = recentMap<string>(REMEMBERED_MAX);
  return {
    async ownerOf(orderId) {
      const known = owners.get(orderId);
      if (known !== undefined) return known;
      const Key = { pk: { S: orderId }, sk: { S: FIRST_COMMIT } };
      const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeFailure(error);
      });
      const owner = Item && commitOf(Item)?.events[0]?.data["customerId"];
      if (typeof owner !== "string") return undefined;
      owners.put(orderId, owner);
      return owner;
    },
  };
}
