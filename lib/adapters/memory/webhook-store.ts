/**
 * Webhooks out in memory: the same contracts as in DynamoDB, over a table that lanes' commits and
 * consumers' heads may share.
 */
import { ENDPOINTS_MAX } from "#contracts/http/webhook-endpoints";
import type { EpochMs } from "#kernel/units";
import type {
  Delivery,
  DeliveryStore,
  EndpointStore,
  Lanes,
  LaneStore,
  RetryIndex,
  SigningSecrets,
  WebhookEndpoint,
  WebhookWrite,
} from "#services/webhooks/ports";
import { appendWrite } from "./event-store.ts";
import { type MemoryTable, type MemoryWrite, memoryTable } from "./table.ts";

export type MemoryWebhooks = {
  readonly endpoints: EndpointStore;
  readonly lanes: LaneStore;
  readonly deliveries: DeliveryStore;
  readonly retries: RetryIndex;
};

const owner = (id: string): string => `owner#${id}`;
const endpoint = (id: string): string => `endpoint#${id}`;

export function memoryWebhooks(table: MemoryTable = memoryTable()): MemoryWebhooks {
  return {
    endpoints: endpointStore(table),
    lanes: laneStore(table),
    deliveries: deliveryStore(table),
    retries: retryIndex(table),
  };
}

const webhookWrite = (write: WebhookWrite): MemoryWrite => {
  switch (write.kind) {
    case "append":
      return appendWrite(write);
    case "plan":
      return put(...keyOf(write.delivery), write.delivery, (standing) => standing === undefined);
    case "replay": {
      const before = write.delivery.round - 1;
      const fits = (standing: string | undefined) => read<Delivery>(standing)?.round === before;
      return put(...keyOf(write.delivery), write.delivery, fits);
    }
    case "lanes": {
      const { owner: lane, version } = write.lanes;
      const fits = (standing: string | undefined) =>
        (read<Lanes>(standing)?.version ?? 0) === version - 1;
      return put(lane, "lanes", write.lanes, fits);
    }
    default:
      return write satisfies never;
  }
};

function endpointStore(table: MemoryTable): EndpointStore {
  const find = (ownerId: string, id: string) =>
    read<WebhookEndpoint>(table.get(owner(ownerId), endpoint(id)));
  const list = (ownerId: string) =>
    table.query(owner(ownerId), endpoint("")).map((text) => JSON.parse(text) as WebhookEndpoint);
  const sortKey = ({ ownerId, endpointId }: WebhookEndpoint) =>
    [owner(ownerId), endpoint(endpointId)] as const;
  const whyNot = (standing: WebhookEndpoint | undefined) =>
    standing === undefined ? "absent" : "stale";

  return {
    list: async (ownerId) => list(ownerId).toSorted((a, b) => a.createdAt - b.createdAt),
    find: async (ownerId, endpointId) => find(ownerId, endpointId),
    secrets: async (id) => read<SigningSecrets>(table.get(endpoint(id), "secrets")),
    async create(fresh, secrets) {
      const standing = find(fresh.ownerId, fresh.endpointId);
      if (standing !== undefined) return { kind: "exists", endpoint: standing };
      if (list(fresh.ownerId).length >= ENDPOINTS_MAX) return { kind: "full" };
      table.write([
        put(...sortKey(fresh), fresh),
        put(endpoint(fresh.endpointId), "secrets", secrets),
      ]);
      return { kind: "created" };
    },
    async save(next, { secrets, isReachedAnew = false } = {}) {
      const standing = find(next.ownerId, next.endpointId);
      if (standing?.version !== next.version - 1) return whyNot(standing);
      const withSecrets =
        secrets === undefined ? [] : [put(endpoint(next.endpointId), "secrets", secrets)];
      const healthy = isReachedAnew ? [put(endpoint(next.endpointId), "health")] : [];
      table.write([put(...sortKey(next), next), ...withSecrets, ...healthy]);
      return "saved";
    },
    async remove(gone) {
      const standing = find(gone.ownerId, gone.endpointId);
      if (standing?.version !== gone.version) return whyNot(standing);
      const beside = ["secrets", "health"].map((sort) => put(endpoint(gone.endpointId), sort));
      table.write([put(...sortKey(gone)), ...beside]);
      return "removed";
    },
  };
}

const laneStore = (table: MemoryTable): LaneStore => ({
  lanes: async (name) =>
    read<Lanes>(table.get(name, "lanes")) ?? { owner: name, version: 0, last: {} },
  write: async (writes) => table.write(writes.map(webhookWrite)).length === 0,
});

function deliveryStore(table: MemoryTable): DeliveryStore {
  const find = (endpointId: string, deliveryId: string) =>
    read<Delivery>(table.get(endpoint(endpointId), `delivery#${deliveryId}`));
  const all = (endpointId: string) =>
    table
      .query(endpoint(endpointId), "delivery#")
      .map((text) => JSON.parse(text) as Delivery)
      .toReversed();

  const record: DeliveryStore["record"] = async (delivery, before) => {
    const isBefore = (text: string | undefined): boolean => {
      const standing = read<Delivery>(text);
      return (
        standing?.round === before.round &&
        standing.attemptsMade === before.attemptsMade &&
        standing.status === before.status
      );
    };
    return table.write([put(...keyOf(delivery), delivery, isBefore)]).length === 0;
  };

  return {
    async due({ ownerId, endpointId, deliveryId }) {
      return {
        delivery: find(endpointId, deliveryId),
        endpoint: read<WebhookEndpoint>(table.get(owner(ownerId), endpoint(endpointId))),
        secrets: read<SigningSecrets>(table.get(endpoint(endpointId), "secrets")),
        failingSince: read<EpochMs>(table.get(endpoint(endpointId), "health")),
      };
    },
    find: async (endpointId, deliveryId) => find(endpointId, deliveryId),
    record,
    async failing(endpointId, since) {
      const isFirst = (standing: string | undefined) =>
        since === undefined || standing === undefined;
      table.write([put(endpoint(endpointId), "health", since, isFirst)]);
    },
    async hasten(endpointId, now) {
      const waiting = all(endpointId).filter(({ status }) => status === "retrying");
      for (const one of waiting) await record({ ...one, nextAttemptAt: now }, one);
    },
    async page({ endpointId, from, limit, after }) {
      const found = all(endpointId).filter(
        ({ deliveryId }) => deliveryId >= from && (after === undefined || deliveryId < after),
      );
      const deliveries = found.slice(0, limit);
      const next = found.length > limit ? deliveries.at(-1)?.deliveryId : undefined;
      return { deliveries, next };
    },
  };
}

const retryIndex = (table: MemoryTable): RetryIndex => ({
  async due(until, limit) {
    return table
      .partitions()
      .filter((partition) => partition.startsWith(endpoint("")))
      .flatMap((partition) => table.query(partition, "delivery#"))
      .map((text) => JSON.parse(text) as Delivery)
      .flatMap(({ lane, sequence, nextAttemptAt: dueAt }) =>
        dueAt === undefined || dueAt > until ? [] : [{ lane, sequence, dueAt }],
      )
      .toSorted((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit);
  },
});

const keyOf = ({ endpointId, deliveryId }: Delivery) =>
  [endpoint(endpointId), `delivery#${deliveryId}`] as const;

/** @param value undefined: the item goes. */
const put = (
  partition: string,
  sort: string,
  value?: unknown,
  condition: MemoryWrite["condition"] = () => true,
): MemoryWrite => ({
  partition,
  sort,
  text: value === undefined ? undefined : JSON.stringify(value),
  condition,
});

const read = <Value>(text: string | undefined): Value | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Value);
