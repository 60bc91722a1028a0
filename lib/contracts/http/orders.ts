/**
 * Requests and answers of the orders service.
 */
import * as z from "zod";
import { ORDER_STATUSES } from "../order-words.ts";
import { refundView, returnView } from "./order-changes.ts";
import {
  cursorField,
  instantField,
  limitField,
  moneyField,
  orderIdField,
  skuField,
} from "./fields.ts";

export const LINES_MAX = 90;
const QUANTITY_MAX = 1000;

export const placeOrderBody = z.strictObject({
  /** Repeated SKUs are merged. The server prices the lines. */
  lines: z
    .array(z.strictObject({ sku: skuField, quantity: z.int().min(1).max(QUANTITY_MAX) }))
    .min(1)
    .max(LINES_MAX),
  /** The caller's own number of the order; stored, never interpreted. */
  externalReference: z.string().min(1).max(64).optional(),
  /** Only for clients with the scope `orders:import`; else the server's own time. */
  placedAt: instantField.optional(),
});

export const placedOrder = z.strictObject({
  orderId: orderIdField,
  status: z.literal("placed"),
  links: z.strictObject({ self: z.string(), events: z.string() }),
});

const orderStatusField = z.enum(ORDER_STATUSES);

const violationView = z.strictObject({
  kind: z.string(),
  severity: z.string(),
  sequence: z.int(),
  expected: z.string(),
  actual: z.string(),
  at: instantField,
});

export const orderView = z.strictObject({
  orderId: orderIdField,
  externalReference: z.string().optional(),
  status: orderStatusField,
  placedAt: instantField,
  approvedAt: instantField.optional(),
  handedToCarrierAt: instantField.optional(),
  deliveredAt: instantField.optional(),
  lines: z.array(
    z.strictObject({
      sku: skuField,
      quantity: z.int(),
      unitPrice: z.int(),
      unitFreight: z.int(),
    }),
  ),
  total: moneyField,
  /** `declined`, `failed` and `voided` mean that nothing is held or captured. */
  payment: z.strictObject({
    status: z.enum([
      "pending",
      "captured",
      "partially-refunded",
      "refunded",
      "declined",
      "failed",
      "voided",
    ]),
    paymentId: z.string().optional(),
  }),
  rejection: z.strictObject({ reason: z.string(), detail: z.string().optional() }).optional(),
  /** Where the goods are, as carriers say. */
  shipment: z.strictObject({
    status: z.enum(["none", "created", "handed-to-carrier", "delivered", "cancelled"]),
    shipmentId: z.string().optional(),
  }),
  cancelRequested: z.boolean(),
  /** Something of it cannot go on by itself; the shop's people know. */
  needsAttention: z.boolean(),
  review: z.enum(["pending", "approved", "declined", "expired"]).optional(),
  refunds: z.array(refundView),
  returns: z.array(returnView),
  /** The ordered history of what carriers report, as its consumer's head has it. */
  fulfilment: z.strictObject({
    status: z.enum(["running", "halted", "draining"]),
    lastSequence: z.int(),
    parked: z.int(),
    halt: z
      .strictObject({ sequence: z.int(), code: z.string(), cause: z.string(), at: instantField })
      .optional(),
    violations: z.array(violationView),
  }),
});

const timelineEvent = z.strictObject({
  sequence: z.int().min(1),
  type: z.string(),
  recordedAt: instantField,
  data: z.record(z.string(), z.unknown()),
});

export const orderTimeline = z.strictObject({
  orderId: orderIdField,
  events: z.array(timelineEvent),
});

export const listOrdersQuery = z.strictObject({
  limit: limitField,
  cursor: cursorField.optional(),
});

export const orderListItem = z.strictObject({
  orderId: orderIdField,
  externalReference: z.string().optional(),
  status: orderStatusField,
  placedAt: instantField,
  total: moneyField,
});

export const orderListPage = z.strictObject({
  orders: z.array(orderListItem),
  next: cursorField.optional(),
});

export type PlaceOrderBody = z.infer<typeof placeOrderBody>;
export type PlacedOrder = z.infer<typeof placedOrder>;
export type OrderStatus = z.infer<typeof orderStatusField>;
export type OrderView = z.infer<typeof orderView>;
export type OrderTimeline = z.infer<typeof orderTimeline>;
export type OrderListItem = z.infer<typeof orderListItem>;
export type OrderListPage = z.infer<typeof orderListPage>;
