/**
 * The truth about one order, as it is told of each effect.
 */
import type { ReservationLine } from "#services/inventory/ports";
import type { ProviderPayment } from "#services/payments/ports";

export type Attention = {
  readonly refundId: string | undefined;
  /** Its run may still end by itself. */
  readonly isLate: boolean;
};

export type OrderTruth = {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly lines: readonly ReservationLine[];
  status: "placed" | "confirmed" | "rejected" | "cancelled";
  paymentId?: string;
  reason?: string;
  payments: readonly ProviderPayment[];
  /** Its stock is promised to it now. */
  isHeld: boolean;
  wasReleased: boolean;
  wasOutOfStock: boolean;
  wasExpired: boolean;
  hasShipment: boolean;
  isCancelAsked: boolean;
  isUnderReview: boolean;
  review?: string;
  /** By refund. */
  readonly refunds: Map<string, { readonly amount: number; outcome: string }>;
  /** Those that the provider has refused. */
  readonly refusals: Set<string>;
  /** What of it needs somebody, by refund; the saga's is "". */
  readonly attention: Map<string, Attention>;
};
