/**
 * How webhooks out are stored: the keys and the items of one table, for all who read and write it.
 * Lanes' commits and consumers' heads stand in it as in every event store.
 *
 *     owner#<id>       endpoint#<id>     an endpoint
 *     owner#<id>       endpoints         count
 *     endpoint#<id>    secrets           secret, former
 *     endpoint#<id>    health            failingSince
 *     endpoint#<id>    delivery#<id>     a delivery; retryShard, retryAt while it waits; expiresAt
 *     <order>          lanes             version, last
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { WEBHOOK_RETRIES } from "#contracts/indexes";
import { fnv1a } from "#kernel/rng";
import { isoInstant } from "#kernel/units";
import type { Delivery, Lanes, SigningSecrets, WebhookEndpoint } from "#services/webhooks/ports";

export type Item = Record<string, AttributeValue>;

export const DELIVERY_PREFIX = "delivery#";
export const ENDPOINT_PREFIX = "endpoint#";

/** Retries of one endpoint are in one of them. */
export const RETRY_SHARDS = 4;

export const ownerPartition = (ownerId: string): string => `owner#${ownerId}`;
export const endpointPartition = (endpointId: string): string => `${ENDPOINT_PREFIX}${endpointId}`;

const key = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });

export const endpointKey = (ownerId: string, endpointId: string): Item =>
  key(ownerPartition(ownerId), `${ENDPOINT_PREFIX}${endpointId}`);

export const countKey = (ownerId: string): Item => key(ownerPartition(ownerId), "endpoints");

export const secretsKey = (endpointId: string): Item =>
  key(endpointPartition(endpointId), "secrets");

export const healthKey = (endpointId: string): Item => key(endpointPartition(endpointId), "health");

export const deliveryKey = (endpointId: string, deliveryId: string): Item =>
  key(endpointPartition(endpointId), `${DELIVERY_PREFIX}${deliveryId}`);

export const lanesKey = (owner: string): Item => key(owner, "lanes");

const values = (value: object): Item => marshall(value, { removeUndefinedValues: true });

export const endpointItem = (endpoint: WebhookEndpoint): Item => ({
  ...endpointKey(endpoint.ownerId, endpoint.endpointId),
  ...values(endpoint),
});

export const secretsItem = (endpointId: string, { secret, former }: SigningSecrets): Item => ({
  ...secretsKey(endpointId),
  ...values({ secret, former }),
});

/** Some time after it the item is deleted; readers go by the delivery's age. */
const KEPT_SECONDS = 35 * 86_400;

export function deliveryItem(delivery: Delivery): Item {
  const { endpointId, deliveryId, createdAt, nextAttemptAt } = delivery;
  return {
    ...deliveryKey(endpointId, deliveryId),
    ...values({ ...delivery, expiresAt: Math.floor(createdAt / 1000) + KEPT_SECONDS }),
    ...(nextAttemptAt !== undefined && {
      [WEBHOOK_RETRIES.partitionKey]: { S: retryShard(fnv1a(endpointId) % RETRY_SHARDS) },
      [WEBHOOK_RETRIES.sortKey]: { S: isoInstant(nextAttemptAt) },
    }),
  };
}

export const retryShard = (shard: number): string => `retry#${shard}`;

export const lanesItem = ({ owner, version, last }: Lanes): Item => ({
  ...lanesKey(owner),
  ...values({ version, last }),
});

export const endpointOf = (item: Item): WebhookEndpoint => contentOf(item) as WebhookEndpoint;

export const secretsOf = (item: Item): SigningSecrets => contentOf(item) as SigningSecrets;

export function deliveryOf(item: Item): Delivery {
  const { expiresAt: _, [PARTITION]: __, [SORT]: ___, ...delivery } = contentOf(item);
  return delivery as Delivery;
}

export function lanesOf(owner: string, item: Item | undefined): Lanes {
  if (item === undefined) return { owner, version: 0, last: {} };
  const { version, last } = contentOf(item) as Pick<Lanes, "version" | "last">;
  return { owner, version, last };
}

const { partitionKey: PARTITION, sortKey: SORT } = WEBHOOK_RETRIES;

function contentOf(item: Item): Readonly<Record<string, unknown>> {
  const { pk: _, sk: __, ...content } = unmarshall(item);
  return content;
}
