/**
 * Every event of the shop, by who writes it, with the schema of its data: what the document of the
 * events (docs/asyncapi.json) is written from, and what may change is measured by.
 */
import type { $ZodType } from "zod/v4/core";
import { FULFILMENT_SOURCE, FULFILMENT_TYPE, fulfilmentData } from "./fulfilment-message.ts";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE, orderEventSchemas } from "./order-events.ts";
import {
  PAYMENT_DIFFERS,
  PAYMENT_REPORTED,
  PAYMENT_SOURCE,
  paymentDiffers,
  paymentReported,
} from "./payment-events.ts";
import { PRODUCT_EVENT_SOURCE, productEventSchemas } from "./product-events.ts";
import { VIOLATION_FILED, violationFiled } from "./violation-events.ts";
import { DELIVERY_DUE, deliveryDue, WEBHOOK_EVENT_SOURCE } from "./webhook-events.ts";

export type EventFamily = {
  /** Of the channel in the document. */
  readonly name: string;
  /** What it is about, and what numbers it. */
  readonly description: string;
  /** CloudEvents `source`; absent where every consumer writes with its own. */
  readonly source?: string;
  /** Whether every stream is numbered without gaps and read in that order. */
  readonly ordered: boolean;
  /** FIFO queues, by the end of their name, and what each is sent. */
  readonly queues: Readonly<Record<string, readonly string[]>>;
  readonly onBus: boolean;
  /** Data schemas by event type. */
  readonly types: Readonly<Record<string, $ZodType>>;
};

export const EVENT_CATALOGUE: readonly EventFamily[] = [
  {
    name: "orders",
    description:
      "What happened to an order, from its own stream: the stream is the order's id, and the " +
      "sequence counts its events from 1.",
    source: ORDER_EVENT_SOURCE,
    ordered: true,
    queues: ORDER_EVENT_READERS,
    onBus: true,
    types: orderEventSchemas,
  },
  {
    name: "fulfilment",
    description:
      "What a carrier reported by webhook: the stream is the order's id, and the sequence is the " +
      "carrier's own number of the report.",
    source: FULFILMENT_SOURCE,
    ordered: true,
    queues: { fulfilment: [FULFILMENT_TYPE] },
    onBus: false,
    types: { [FULFILMENT_TYPE]: fulfilmentData },
  },
  {
    name: "products",
    description:
      "A product as it is after a change, from the catalogue: the stream is the SKU, and the " +
      "sequence is the product's version.",
    source: PRODUCT_EVENT_SOURCE,
    ordered: true,
    queues: {},
    onBus: true,
    types: productEventSchemas,
  },
  {
    name: "webhooks",
    description:
      "A webhook that is to be sent: the stream is the endpoint and the order, so that what an " +
      "endpoint hears of an order keeps its order.",
    source: WEBHOOK_EVENT_SOURCE,
    ordered: true,
    queues: { "webhook-delivery": [DELIVERY_DUE] },
    onBus: false,
    types: { [DELIVERY_DUE]: deliveryDue },
  },
  {
    name: "payments",
    description:
      "What the payment provider reports by webhook: a hint, numbered by the rank of the state " +
      "that it tells and not by its sender. The stream is the payment.",
    source: PAYMENT_SOURCE,
    ordered: false,
    queues: { "payment-reports": [PAYMENT_REPORTED] },
    onBus: false,
    types: { [PAYMENT_REPORTED]: paymentReported },
  },
  {
    name: "payment-differences",
    description: "The provider and our books do not agree about a payment.",
    source: PAYMENT_SOURCE,
    ordered: false,
    queues: {},
    onBus: true,
    types: { [PAYMENT_DIFFERS]: paymentDiffers },
  },
  {
    name: "violations",
    description:
      "What went against a stream's order and needs a person. Numbered by nobody: the same " +
      "violation has the same id.",
    ordered: false,
    queues: {},
    onBus: true,
    types: { [VIOLATION_FILED]: violationFiled },
  },
];
