/**
 * What can happen to an order, in the words of its stream. The contract of the stored form is
 * `contracts/events/order-events.ts`; a test keeps the two alike at compile time.
 */
import type { EpochMs } from "#kernel/units";

export type OrderLine = {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units, as the catalogue had it when the order was placed. */
  readonly unitPrice: number;
  /** Minor units, charged for each unit sent. */
  readonly unitFreight: number;
  /** Minor units off the whole line; absent: none. */
  readonly discount?: number | undefined;
  /** Minor units of the whole line, contained in its price or on top of it; absent: none. */
  readonly tax?: number | undefined;
};

/** How a total comes about. All in minor units. */
export type PriceFacts = {
  /** Where it goes, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The goods at catalogue prices. */
  readonly items: number;
  readonly discount: number;
  readonly shipping: number;
  readonly tax: number;
  /** Whether items and shipping contain the tax; else it is added. */
  readonly taxIncluded: boolean;
  readonly discounts: readonly {
    readonly rule: string;
    readonly code?: string | undefined;
    readonly amount: number;
  }[];
};

/** What never changes after an order has been placed. */
export type OrderFacts = {
  readonly orderId: string;
  readonly customerId: string;
  readonly externalReference?: string | undefined;
  readonly placedAt: EpochMs;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  /** Minor units. */
  readonly total: number;
  /** Absent in what was placed before totals were kept in parts: see `priceOf`. */
  readonly price?: PriceFacts | undefined;
};

export type RejectionReason = "payment-declined" | "payment-failed" | "out-of-stock";

export type Rejection = { readonly reason: RejectionReason; readonly detail: string };

/** A step of the way to the customer; each happens at most once to an order. */
export type FulfilmentStep = "approved" | "handed-to-carrier" | "delivered";

/** What the outside world may say that an order has become. */
export type ReportedStatus =
  | "created"
  | "approved"
  | "processing"
  | "invoiced"
  | "shipped"
  | "delivered"
  | "unavailable"
  | "canceled";

export type OrderStatus = "placed" | "confirmed" | "rejected" | ReportedStatus;

export type FulfilmentReported = {
  readonly report: FulfilmentStep | "final-status";
  /** The order's status after it. */
  readonly status: ReportedStatus;
  /** By the reporter's clock; a final status has none. */
  readonly occurredAt?: EpochMs | undefined;
  /** When our webhook function accepted it. */
  readonly receivedAt: EpochMs;
  /** When the consumer applied it. */
  readonly appliedAt: EpochMs;
  /** It waited parked before it was applied. */
  readonly held: boolean;
  readonly webhookId: string;
  /** The sender's number of the report, from 1 for each order. */
  readonly webhookSequence: number;
};

export type OrderEvent =
  | { readonly type: "order.placed"; readonly data: OrderFacts }
  | { readonly type: "order.confirmed"; readonly data: { readonly paymentId: string } }
  | { readonly type: "order.rejected"; readonly data: Rejection }
  | { readonly type: "order.fulfilment-reported"; readonly data: FulfilmentReported };
