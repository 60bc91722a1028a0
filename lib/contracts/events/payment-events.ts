/**
 * What the payments service sends: a provider's report on its way to its consumer, and a difference
 * between the provider and our books, of which somebody has to hear.
 */
import * as z from "zod/mini";
import "./english.ts";

export const PAYMENT_SOURCE = "urn:inorder:payments";

/** In the queue of reports; its stream is a payment, its sequence the rank of what is said. */
export const PAYMENT_REPORTED = "payment.reported";

/** Published; at least once, the same difference under the same id. */
export const PAYMENT_DIFFERS = "payment.differs";

/** A payment as its provider says that it is. */
export const paymentReported = z.strictObject({
  paymentId: z.string(),
  orderId: z.string(),
  status: z.enum(["authorised", "declined", "captured", "voided"]),
  amount: z.int(),
  currency: z.string(),
  refunded: z.int(),
});

export const paymentDiffers = z.strictObject({
  orderId: z.string(),
  /** What is not as it should be, in words. */
  difference: z.string(),
  /** Milliseconds since the epoch. */
  foundAt: z.int(),
});

export type PaymentReported = z.infer<typeof paymentReported>;
export type PaymentDiffers = z.infer<typeof paymentDiffers>;
