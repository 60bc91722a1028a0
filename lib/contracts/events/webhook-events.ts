/**
 * The messages between planning a delivery and sending it: one stream for each endpoint and order.
 */
import * as z from "zod/mini";
import "./english.ts";

export const WEBHOOK_EVENT_SOURCE = "urn:inorder:webhooks";

export const DELIVERY_DUE = "webhook.delivery-due";

const name = z.string().check(z.minLength(1), z.maxLength(128));

export const deliveryDue = z.strictObject({
  ownerId: name,
  endpointId: name,
  deliveryId: name,
  /** 1, and one more for each replay: an older message is none of this round. */
  round: z.int().check(z.minimum(1)),
});

export type DeliveryDue = z.infer<typeof deliveryDue>;
