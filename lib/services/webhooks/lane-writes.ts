/**
 * What puts a delivery at the end of a lane: the delivery, the message that it is due, and the
 * lane's new length, all written together or not at all.
 */
import { DELIVERY_DUE, type DeliveryDue } from "#contracts/events/webhook-events";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { AppendWrite } from "#messaging";
import type { Delivery } from "./domain/delivery.ts";
import type { Lanes, LaneStore, WebhookWrite } from "./ports.ts";

/** Deliveries to one endpoint about one order; the stream and group of their messages. */
export const laneOf = (endpointId: string, about: string): string => `${endpointId}#${about}`;

export const nextIn = ({ last }: Lanes, endpointId: string): number => (last[endpointId] ?? 0) + 1;

export const longer = (lanes: Lanes, deliveries: readonly Delivery[]): Lanes => ({
  owner: lanes.owner,
  version: lanes.version + 1,
  last: {
    ...lanes.last,
    ...Object.fromEntries(deliveries.map(({ endpointId, sequence }) => [endpointId, sequence])),
  },
});

/** Each message is a commit of its own, numbered as the lane is. */
export function dueMessage(
  delivery: Delivery,
  recordedAt: EpochMs,
  traceparent?: string,
): AppendWrite {
  const { ownerId, endpointId, deliveryId, round, lane, sequence } = delivery;
  const data: DeliveryDue = { ownerId, endpointId, deliveryId, round };
  return {
    kind: "append",
    commit: {
      stream: lane,
      number: sequence,
      events: [{ type: DELIVERY_DUE, sequence, data }],
      recordedAt,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** Two writers of one lane take turns within few tries. */
const TRIES_MAX = 5;

/**
 * Reads, decides and writes until nobody else wrote meanwhile. Throws `Failure` `conflict` (retry)
 * after a few tries.
 */
export async function writeInTurn(
  store: LaneStore,
  owner: string,
  decide: (lanes: Lanes) => readonly WebhookWrite[],
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await store.write(decide(await store.lanes(owner)))) return;
  }
  throw new Failure("conflict", "retry", `Others keep writing to the deliveries of ${owner}.`);
}
