/**
 * The log of an endpoint's deliveries, and what its owner may send once more: a test, or a delivery
 * that is over.
 */
import type {
  DeliveryAccepted,
  DeliveryPage,
  DeliveryView,
} from "#contracts/http/webhook-endpoints";
import { Failure } from "#kernel/failure";
import { sha256Crockford26 } from "#kernel/hash";
import { type DurationMs, type EpochMs, isoInstant, seconds } from "#kernel/units";
import { type Delivery, deliveryIdAt, isOver, replayed } from "./domain/delivery.ts";
import type { WebhookEndpoint } from "./domain/endpoint.ts";
import { type EndpointNamed, ownEndpoint } from "./endpoint-view.ts";
import { dueMessage, laneOf, longer, nextIn, writeInTurn } from "./lane-writes.ts";
import type { DeliveryStore, EndpointStore, LaneStore } from "./ports.ts";

export type LogPorts = {
  readonly endpoints: Pick<EndpointStore, "find">;
  readonly deliveries: Pick<DeliveryStore, "find" | "page">;
  readonly lanes: LaneStore;
};

export type LogRequest = EndpointNamed & {
  readonly now: EpochMs;
  readonly limit: number;
  readonly after?: string;
};

/** What is older is not shown, whether or not it is there still. */
const SHOWN: DurationMs = seconds(30 * 86_400);

/** Throws `Failure` `not-found` (reject). */
export async function listDeliveries(
  { endpoints, deliveries }: Pick<LogPorts, "endpoints" | "deliveries">,
  { now, limit, after, ...named }: LogRequest,
): Promise<DeliveryPage> {
  const { endpointId } = await ownEndpoint(endpoints, named);
  const page = await deliveries.page({
    endpointId,
    from: oldestShown(now),
    limit,
    ...(after !== undefined && { after }),
  });
  const shown = page.deliveries.map(deliveryViewOf);
  return { deliveries: shown, ...(page.next !== undefined && { next: page.next }) };
}

export type Again = EndpointNamed & {
  readonly now: EpochMs;
  /** Names this request: the same for its repetition. */
  readonly requestKey: string;
};

const TEST_EVENT = "webhook.test";

/** Throws `Failure`: `not-found`, `endpoint-disabled` (reject); `conflict` (retry). */
export async function testEndpoint(
  { endpoints, lanes }: Pick<LogPorts, "endpoints" | "lanes">,
  { now, requestKey, ...named }: Again,
): Promise<DeliveryAccepted> {
  const { endpointId, ownerId } = await enabledEndpoint(endpoints, named);
  const deliveryId = deliveryIdAt(now, sha256Crockford26(`${endpointId}/test/${requestKey}`));
  await writeInTurn(lanes, `test-${endpointId}`, (present) => {
    const delivery: Delivery = {
      deliveryId,
      endpointId,
      ownerId,
      lane: laneOf(endpointId, "test"),
      sequence: nextIn(present, endpointId),
      eventType: TEST_EVENT,
      body: JSON.stringify({
        type: TEST_EVENT,
        timestamp: isoInstant(now),
        data: { endpointId },
      }),
      createdAt: now,
      status: "pending",
      round: 1,
      tries: 0,
      attemptsMade: 0,
      attempts: [],
    };
    return [
      { kind: "plan", delivery },
      dueMessage(delivery, now),
      { kind: "lanes", lanes: longer(present, [delivery]) },
    ];
  });
  return { deliveryId };
}

/**
 * Under the same id, behind what has been planned for its order meanwhile. Throws `Failure`:
 * `not-found`, `endpoint-disabled`, `delivery-not-over` (reject); `conflict` (retry).
 */
export async function replayDelivery(
  { endpoints, deliveries, lanes }: LogPorts,
  { now, deliveryId, ...named }: Omit<Again, "requestKey"> & { readonly deliveryId: string },
): Promise<DeliveryAccepted> {
  const { endpointId } = await enabledEndpoint(endpoints, named);
  const delivery = DELIVERY_ID.test(deliveryId)
    ? await deliveries.find(endpointId, deliveryId)
    : undefined;
  if (delivery === undefined || deliveryId < oldestShown(now)) throw noDelivery();
  if (!isOver(delivery)) throw underWay(delivery);
  await writeInTurn(lanes, delivery.orderId ?? `test-${endpointId}`, (present) => {
    const again = replayed(delivery, nextIn(present, endpointId));
    return [
      { kind: "replay", delivery: again },
      dueMessage(again, now),
      { kind: "lanes", lanes: longer(present, [again]) },
    ];
  });
  return { deliveryId };
}

const oldestShown = (now: EpochMs): string => deliveryIdAt((now - SHOWN) as EpochMs, "");

const DELIVERY_ID = /^msg_[0-9A-Z]{26}$/;

async function enabledEndpoint(
  endpoints: LogPorts["endpoints"],
  named: EndpointNamed,
): Promise<WebhookEndpoint> {
  const endpoint = await ownEndpoint(endpoints, named);
  if (endpoint.disabled === undefined) return endpoint;
  throw new Failure(
    "endpoint-disabled",
    "reject",
    "The endpoint is disabled; enable it first: nothing would be sent.",
  );
}

function deliveryViewOf(delivery: Delivery): DeliveryView {
  const { orderId, closedBecause, nextAttemptAt } = delivery;
  return {
    deliveryId: delivery.deliveryId,
    eventType: delivery.eventType,
    ...(orderId !== undefined && { orderId }),
    status: delivery.status,
    ...(closedBecause !== undefined && { closedBecause }),
    createdAt: isoInstant(delivery.createdAt),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: isoInstant(nextAttemptAt) }),
    attemptsMade: delivery.attemptsMade,
    attempts: delivery.attempts.map((attempt) => ({ ...attempt, at: isoInstant(attempt.at) })),
  };
}

const noDelivery = (): Failure =>
  new Failure("not-found", "reject", "This endpoint has no such delivery.");

const underWay = ({ status }: Delivery): Failure =>
  new Failure(
    "delivery-not-over",
    "reject",
    `The delivery is ${status}; it is sent by itself. One that is over can be replayed.`,
  );
