/**
 * The payment provider's HTTP interface, as its adapter calls it and the simulated provider
 * answers it.
 */
import * as z from "zod";
import { writtenField } from "./fields.ts";

const currencyField = z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217");
/** The merchant's reference of the purchase: the order id. */
const referenceField = writtenField(64);

export const authoriseBody = z.strictObject({
  amount: z.int().min(1),
  currency: currencyField,
  reference: referenceField,
});

export const providerPayment = z.strictObject({
  /** Groups what is told of it in a queue, so it has what SQS allows there. */
  paymentId: z.string().regex(/^[\w.:-]{1,128}$/, "1-128 of A-Z a-z 0-9 _ . : -"),
  status: z.enum(["authorised", "declined", "captured", "voided"]),
  amount: z.int().min(0),
  currency: currencyField,
  reference: referenceField,
  /** Paid back so far, in minor units. */
  refunded: z.int().min(0),
});

/** POST /payments/{paymentId}/refunds: all of it or a part; several add up. */
export const refundBody = z.strictObject({ amount: z.int().min(1) });

/** GET /payments?key=... */
export const providerLookupQuery = z.strictObject({ key: z.string().min(1).max(255) });

/** GET /reports/payments?cursor=... */
export const providerListQuery = z.strictObject({ cursor: z.string().min(1).max(2048).optional() });

export const providerList = z.strictObject({
  payments: z.array(providerPayment),
  /** Absent on the last page. */
  next: z.string().optional(),
});

/** A webhook of the provider: the payment as it is when it is sent. */
export const providerWebhook = z.strictObject({
  type: z.literal("payment.updated"),
  payment: providerPayment,
});

const percentField = z.int().min(0).max(100).default(0);

/** How the provider answers its requests, for trying a shop out. */
export const providerAnswers = z.strictObject({
  /** Before the answer to every request about a payment, a look-up's too. */
  latencyMs: z.int().min(0).max(2000).default(0),
  /** Of keys whose requests are carried out and then not answered in time, by what they ask for. */
  silentPercent: z
    .strictObject({
      authorise: percentField,
      capture: percentField,
      void: percentField,
      refund: percentField,
    })
    .prefault({}),
  /** Totals whose minor units end in these two digits are declined; null: none. */
  declinedEnding: z.int().min(0).max(99).nullable().default(13),
});

/**
 * PUT /webhook: where and how the provider tells of every change, and how it answers. How often it
 * tells twice, late or not at all, is for trying a shop out: real ones do it without being asked.
 */
export const webhookSettings = z.strictObject({
  /** Absent: nothing is told. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(1024)
    .optional(),
  duplicatePercent: percentField,
  /** Of changes after which the state before is told once more, and in no order. */
  disorderPercent: percentField,
  latencyMs: z.int().min(0).max(2000).default(0),
  answers: providerAnswers.prefault({}),
});

/** What became of the request with that idempotency key; absent if it never arrived. */
export const providerLookup = z.strictObject({ payment: providerPayment.optional() });

export type AuthoriseBody = z.infer<typeof authoriseBody>;
export type RefundBody = z.infer<typeof refundBody>;
export type ProviderList = z.infer<typeof providerList>;
export type ProviderAnswers = z.infer<typeof providerAnswers>;
export type WebhookSettings = z.infer<typeof webhookSettings>;
export type ProviderWebhook = z.infer<typeof providerWebhook>;
export type ProviderLookup = z.infer<typeof providerLookup>;
export type ProviderPayment = z.infer<typeof providerPayment>;
