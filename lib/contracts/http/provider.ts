/**
 * The payment provider's HTTP interface, as its adapter calls it and the simulated provider
 * answers it.
 */
import * as z from "zod";

export const authoriseBody = z.strictObject({
  amount: z.int().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** The merchant's reference of the purchase: the order id. */
  reference: z.string().min(1).max(64),
});

export const providerPayment = z.strictObject({
  paymentId: z.string(),
  status: z.enum(["authorised", "declined", "captured", "voided"]),
  amount: z.int(),
  currency: z.string(),
  reference: z.string(),
  /** Paid back so far, in minor units. */
  refunded: z.int().min(0),
});

/** POST /payments/{paymentId}/refunds: all of it or a part; several add up. */
export const refundBody = z.strictObject({ amount: z.int().min(1) });

/** GET /payments?key=... */
export const providerLookupQuery = z.strictObject({ key: z.string().min(1).max(255) });

/** What became of the request with that idempotency key; absent if it never arrived. */
export const providerLookup = z.strictObject({ payment: providerPayment.optional() });

export type AuthoriseBody = z.infer<typeof authoriseBody>;
export type RefundBody = z.infer<typeof refundBody>;
export type ProviderLookup = z.infer<typeof providerLookup>;
export type ProviderPayment = z.infer<typeof providerPayment>;
