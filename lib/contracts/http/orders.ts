/**
 * Requests and answers of the orders service.
 */
import * as z from "zod";
import { ORDER_STATUSES } from "../order-words.ts";
import { shortLine } from "../short-stock.ts";
import { cartIdField, cartVersionField } from "./carts.ts";
import { refundView, returnView } from "./order-changes.ts";
import {
  countryField,
  cursorField,
  instantField,
  instantQueryField,
  limitField,
  moneyField,
  orderIdField,
  quantityField,
  skuField,
  writtenField,
} from "./fields.ts";

export const LINES_MAX = 90;

const amountField = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Either `lines`, or `cartId` and `cartVersion`. The server prices both. */
export const placeOrderBody = z
  .strictObject({
    /** Repeated SKUs are merged. */
    lines: z
      .array(z.strictObject({ sku: skuField, quantity: quantityField }))
      .min(1)
      .max(LINES_MAX)
      .optional(),
    /** The caller's own cart, as it was when the customer agreed to it. */
    cartId: cartIdField.optional(),
    cartVersion: cartVersionField.optional(),
    /** Where it goes; Brazil where nothing is said. */
    country: countryField.optional(),
    discountCodes: z
      .array(z.string().regex(/^[A-Z0-9-]{1,32}$/, "1-32 of A-Z 0-9 -"))
      .max(5)
      .optional(),
    /**
     * Minor units: what the customer has seen. A cart's items expect what they were put in at
     * unless they are named here.
     */
    expectedPrices: z
      .array(
        z.strictObject({
          sku: skuField,
          unitPrice: amountField,
          unitFreight: amountField.optional(),
        }),
      )
      .max(LINES_MAX)
      .optional(),
    /** The caller's own number of the order, never interpreted; each names one order at most. */
    externalReference: writtenField(64).optional(),
    /** Only for clients with the scope `orders:import`; else the server's own time. */
    placedAt: instantField.optional(),
  })
  .superRefine(({ lines, cartId, cartVersion }, context) => {
    const wrong = (field: string, message: string): void =>
      context.addIssue({ code: "custom", path: [field], message });
    if (lines === undefined && cartId === undefined) wrong("lines", "Send lines or a cart.");
    if (lines !== undefined && cartId !== undefined) wrong("cartId", "Send lines or a cart.");
    if (cartId !== undefined && cartVersion === undefined) {
      wrong("cartVersion", "Say which version of the cart is ordered.");
    }
    if (cartId === undefined && cartVersion !== undefined) wrong("cartVersion", "Of which cart?");
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
      /** Of the whole line; absent: none. */
      discount: z.int().optional(),
      tax: z.int().optional(),
    }),
  ),
  total: moneyField,
  /** How the total comes about, in minor units. */
  price: z.strictObject({
    country: countryField,
    /** The goods at catalogue prices. */
    items: z.int(),
    discount: z.int(),
    shipping: z.int(),
    tax: z.int(),
    /** Whether items and shipping contain the tax; else it is added. */
    taxIncluded: z.boolean(),
    discounts: z.array(
      z.strictObject({ rule: z.string(), code: z.string().optional(), amount: z.int() }),
    ),
  }),
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
  rejection: z
    .strictObject({
      reason: z.string(),
      detail: z.string().optional(),
      /** Of `out-of-stock`: units that were wanted, and that there were when it was refused. */
      short: z.array(shortLine).optional(),
    })
    .optional(),
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
  status: orderStatusField.optional(),
  /** Placed at this instant or later. */
  "placedAt[gte]": instantQueryField.optional(),
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
