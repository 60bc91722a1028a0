/**
 * From an order's event to what has to be delivered: one delivery for each endpoint of the order's
 * owner that wants to hear of it, in one transaction with the position of the consumer.
 */
import { toldData } from "#contracts/events/told-events";
import { Failure } from "#kernel/failure";
import { sha256Crockford26 } from "#kernel/hash";
import { type EpochMs, isoInstant } from "#kernel/units";
import type { Delivery as Turn, EffectsHandler, Message } from "#messaging";
import { type Delivery, deliveryIdAt } from "./domain/delivery.ts";
import { wants, type WebhookEndpoint } from "./domain/endpoint.ts";
import { dueMessage, laneOf, longer, nextIn } from "./lane-writes.ts";
import type { EndpointStore, Lanes, LaneStore, OrderOwners, WebhookWrite } from "./ports.ts";

export type PlanPorts = {
  readonly owners: OrderOwners;
  readonly endpoints: Pick<EndpointStore, "list">;
  readonly lanes: Pick<LaneStore, "lanes">;
};

export type Planned = { readonly endpoints: readonly WebhookEndpoint[]; readonly lanes: Lanes };

/**
 * Its consumer remembers no stream from batch to batch: an endpoint that was made a moment ago
 * counts for the next event. `load` throws `Failure` `malformed-message` (halt) for an order that
 * does not exist, and what its ports throw.
 */
export const planningHandler = (ports: PlanPorts): EffectsHandler<Planned, WebhookWrite> => ({
  kind: "effects",
  async load(orderId) {
    const ownerId = await ports.owners.ownerOf(orderId);
    if (ownerId === undefined) throw unknownOrder(orderId);
    const endpoints = await ports.endpoints.list(ownerId);
    // Most customers have none, and then nothing else is asked.
    const lanes = endpoints.length === 0 ? unused(orderId) : await ports.lanes.lanes(orderId);
    return { endpoints, lanes };
  },
  handle: planned,
});

function planned({ endpoints, lanes }: Planned, message: Message, { now }: Turn) {
  const wanting = endpoints.filter((endpoint) => wants(endpoint, message.type));
  if (wanting.length === 0) return { loaded: { endpoints, lanes }, writes: [] };
  const deliveries = wanting.map((endpoint) => deliveryOf(endpoint, { message, lanes, now }));
  const after = longer(lanes, deliveries);
  const writes = deliveries.flatMap((delivery): readonly WebhookWrite[] => [
    { kind: "plan", delivery },
    dueMessage(delivery, now, message.traceparent),
  ]);
  return {
    loaded: { endpoints, lanes: after },
    writes: [...writes, { kind: "lanes", lanes: after } as const],
  };
}

type Planning = { readonly message: Message; readonly lanes: Lanes; readonly now: EpochMs };

function deliveryOf(
  { endpointId, ownerId }: WebhookEndpoint,
  { message, lanes, now }: Planning,
): Delivery {
  const { stream: orderId, type, sequence, data } = message;
  return {
    deliveryId: deliveryIdAt(now, sha256Crockford26(`${endpointId}/${message.id}`)),
    endpointId,
    ownerId,
    lane: laneOf(endpointId, orderId),
    sequence: nextIn(lanes, endpointId),
    eventType: type,
    orderId,
    // As Standard Webhooks advises; `sequence` is the event's in the order's timeline.
    body: JSON.stringify({
      type,
      timestamp: isoInstant(now),
      data: { ...toldData(type, data), orderId, sequence },
    }),
    createdAt: now,
    status: "pending",
    round: 1,
    tries: 0,
    attemptsMade: 0,
    attempts: [],
  };
}

const unused = (owner: string): Lanes => ({ owner, version: 0, last: {} });

const unknownOrder = (orderId: string): Failure =>
  new Failure("malformed-message", "halt", `There is no order ${orderId} to tell of.`);
