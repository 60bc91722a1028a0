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

export type RejectionReason =
  | "payment-declined"
  | "payment-failed"
  | "out-of-stock"
  | "hold-expired"
  | "review-declined";

/** Units of a SKU that there were too few of; `available` where they were counted. */
export type ShortLine = {
  readonly sku: string;
  readonly requested: number;
  readonly available?: number | undefined;
};

export type Rejection = {
  readonly reason: RejectionReason;
  readonly detail: string;
  /** Of `out-of-stock`; absent before it was kept, and where nobody said. */
  readonly short?: readonly ShortLine[] | undefined;
};

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

/** `cancelled` is said here; `canceled`, which carriers report, is theirs. */
export type OrderStatus = "placed" | "confirmed" | "rejected" | "cancelled" | ReportedStatus;

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

/** Who decided something, and why: for the timeline, which is the audit. */
export type Decider = { readonly author: string; readonly reason: string };

/** Which work it is about: a refund's, or the order's saga where none is named. */
export type Work = { readonly refundId?: string | undefined };

/** What somebody has to look at: a run that ended badly, or one that takes too long. */
export type NeedsAttention = Work & {
  /** Of the runs of that work; 0 is the first. */
  readonly run: number;
  readonly kind: "failed" | "late";
  readonly cause: string;
};

export type Repaired = Work &
  Decider & {
    /** The run that is granted, or after which no other follows. */
    readonly run: number;
    readonly action: "retry" | "resolve";
  };

export type ReviewDecision = "approved" | "declined" | "expired";

export type RefundCause = "refund" | "cancel" | "return";

export type RefundRequested = Decider & {
  readonly refundId: string;
  /** Minor units. */
  readonly amount: number;
  readonly cause: RefundCause;
};

export type ReturnRequested = Decider & {
  readonly returnId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
};

export type OrderEvent =
  | { readonly type: "order.placed"; readonly data: OrderFacts }
  | { readonly type: "order.review-requested"; readonly data: { readonly deadline: EpochMs } }
  | {
      readonly type: "order.review-decided";
      readonly data: Decider & { readonly decision: ReviewDecision };
    }
  | { readonly type: "order.shipment-created"; readonly data: { readonly shipmentId: string } }
  | { readonly type: "order.confirmed"; readonly data: { readonly paymentId: string } }
  | { readonly type: "order.rejected"; readonly data: Rejection }
  | { readonly type: "order.cancel-requested"; readonly data: Decider }
  | { readonly type: "order.cancelled"; readonly data: Readonly<Record<string, never>> }
  | { readonly type: "order.needs-attention"; readonly data: NeedsAttention }
  | { readonly type: "order.repaired"; readonly data: Repaired }
  | { readonly type: "order.refund-requested"; readonly data: RefundRequested }
  | {
      readonly type: "order.refunded";
      readonly data: { readonly refundId: string; readonly paymentId: string };
    }
  | {
      readonly type: "order.refund-refused";
      readonly data: { readonly refundId: string; readonly detail: string };
    }
  | { readonly type: "order.return-requested"; readonly data: ReturnRequested }
  | {
      readonly type: "order.return-received";
      readonly data: Decider & { readonly returnId: string };
    }
  | { readonly type: "order.fulfilment-reported"; readonly data: FulfilmentReported };
