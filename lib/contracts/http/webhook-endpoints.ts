/**
 * Webhooks out: where customers want to hear of their orders, and what became of each delivery.
 */
import * as z from "zod";
import { type OrderEventType, orderEventSchemas } from "../events/order-events.ts";
import { cursorField, instantField, limitField, writtenField } from "./fields.ts";

export const ENDPOINTS_MAX = 10;

const ORDER_EVENTS = Object.keys(orderEventSchemas) as [OrderEventType, ...OrderEventType[]];

/** Whether an address may be sent to is judged apart from its form. */
const urlField = writtenField(2048);
const descriptionField = writtenField(200);
const eventsField = z
  .array(z.enum(["order.*", ...ORDER_EVENTS]))
  .min(1)
  .max(ORDER_EVENTS.length + 1)
  .refine((events) => new Set(events).size === events.length, "each event once");

export const createEndpointBody = z.strictObject({
  url: urlField,
  description: descriptionField.optional(),
  /** `order.*`, the default, stands for every event, later ones included. */
  events: eventsField.default(["order.*"]),
});

/** A merge patch (RFC 7396): null takes the description away. */
export const changeEndpointBody = z
  .strictObject({
    url: urlField.optional(),
    description: descriptionField.nullable().optional(),
    events: eventsField.optional(),
    status: z.enum(["enabled", "disabled"]).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, "at least one field to change");

const DAY_SECONDS = 86_400;
const OVERLAP_SECONDS_MAX = 7 * DAY_SECONDS;

export const rotateSecretBody = z.strictObject({
  /** How long the former secret signs as well. 0 ends every former one at once. */
  overlapSeconds: z.int().min(0).max(OVERLAP_SECONDS_MAX).default(DAY_SECONDS),
});

export const endpointView = z.strictObject({
  endpointId: z.string(),
  url: z.string(),
  description: z.string().optional(),
  events: z.array(z.string()),
  status: z.enum(["enabled", "disabled"]),
  disabledBecause: z.enum(["owner", "gone", "failing"]).optional(),
  version: z.int(),
  createdAt: instantField,
  updatedAt: instantField,
});

/** The only answers that hold a secret. */
export const endpointCreated = endpointView.extend({ secret: z.string() });
export const secretRotated = z.strictObject({
  endpointId: z.string(),
  version: z.int(),
  secret: z.string(),
  /** Until then former secrets sign as well; absent: none does. */
  formerUntil: instantField.optional(),
});

export const endpointList = z.strictObject({ endpoints: z.array(endpointView) });

export const listDeliveriesQuery = z.strictObject({
  cursor: cursorField.optional(),
  limit: limitField,
});

const attemptView = z.strictObject({
  number: z.int(),
  at: instantField,
  durationMs: z.int(),
  status: z.int().optional(),
  error: z.string().optional(),
  answer: z.string().optional(),
});

export const deliveryView = z.strictObject({
  deliveryId: z.string(),
  eventType: z.string(),
  orderId: z.string().optional(),
  status: z.enum(["pending", "retrying", "delivered", "failed", "closed"]),
  closedBecause: z.enum(["endpoint-disabled", "endpoint-deleted", "endpoint-gone"]).optional(),
  createdAt: instantField,
  nextAttemptAt: instantField.optional(),
  attemptsMade: z.int(),
  /** The last ones, in their order. */
  attempts: z.array(attemptView),
});

export const deliveryPage = z.strictObject({
  deliveries: z.array(deliveryView),
  next: z.string().optional(),
});

export const deliveryAccepted = z.strictObject({ deliveryId: z.string() });

export type CreateEndpointBody = z.infer<typeof createEndpointBody>;
export type EndpointView = z.infer<typeof endpointView>;
export type EndpointCreated = z.infer<typeof endpointCreated>;
export type SecretRotated = z.infer<typeof secretRotated>;
export type EndpointList = z.infer<typeof endpointList>;
export type DeliveryView = z.infer<typeof deliveryView>;
export type DeliveryPage = z.infer<typeof deliveryPage>;
export type DeliveryAccepted = z.infer<typeof deliveryAccepted>;
