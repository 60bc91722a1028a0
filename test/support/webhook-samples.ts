/**
 * An endpoint and a delivery as tests need them, and where they are kept.
 */
import type { EpochMs } from "#kernel/units";
import { type Delivery, deliveryIdAt } from "#services/webhooks/domain/delivery";
import type { WebhookEndpoint } from "#services/webhooks/domain/endpoint";

export const noon = 1_700_000_000_000 as EpochMs;

let made = 0;

/** Known to nobody else. */
export function sampleEndpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  made += 1;
  const number = String(made).padStart(8, "0");
  return {
    endpointId: `ep_${String(process.pid).padStart(18, "0")}${number}`,
    ownerId: `owner-${process.pid}-${number}`,
    url: "https://hooks.example.com/",
    events: ["order.*"],
    version: 1,
    createdAt: noon,
    updatedAt: noon,
    requestHash: "hash",
    ...changes,
  };
}

export const sampleDelivery = (
  { endpointId, ownerId }: WebhookEndpoint,
  changes: Partial<Delivery> = {},
): Delivery => ({
  deliveryId: deliveryIdAt((noon + (changes.sequence ?? 1)) as EpochMs, "0".repeat(26)),
  endpointId,
  ownerId,
  lane: `${endpointId}#order-1`,
  sequence: 1,
  eventType: "order.placed",
  orderId: "order-1",
  body: "{}",
  createdAt: noon,
  status: "pending",
  round: 1,
  tries: 0,
  attemptsMade: 0,
  attempts: [],
  ...changes,
});
