/**
 * What carriers and providers report about an order, numbered 1..n for that order by the sender.
 */
import { Failure } from "#kernel/failure";
import * as z from "zod";
import { instantField, orderIdField } from "./fields.ts";

/**
 * Standard Webhooks: a payload is at most 64 KB here; signed with `webhook-id`, `-timestamp`,
 * `-signature`.
 */
export const WEBHOOK_BYTES_MAX = 65_536;

/** Standard Webhooks recommends a tolerance of five minutes. */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

const numbered = { orderId: orderIdField, sequence: z.int().min(1).max(10_000) };

/**
 * SQS allows 128 visible ASCII characters in a deduplication id; half of them are left to the
 * request's id.
 */
const WEBHOOK_ID = /^[\x21-\x7e]{1,64}$/;

/** The header `webhook-id`. Throws `Failure`: `invalid-request` (reject). */
export function webhookIdOf(text: string): string {
  if (WEBHOOK_ID.test(text)) return text;
  const received = JSON.stringify(text.slice(0, 80));
  throw new Failure(
    "invalid-request",
    "reject",
    `The header webhook-id has 1-64 visible ASCII characters; received ${received}.`,
  );
}

/** A step has a time; a final status has none and is legal from any state. */
export const fulfilmentBody = z.discriminatedUnion("type", [
  z.strictObject({ ...numbered, type: z.literal("approved"), occurredAt: instantField }),
  z.strictObject({ ...numbered, type: z.literal("handed-to-carrier"), occurredAt: instantField }),
  z.strictObject({ ...numbered, type: z.literal("delivered"), occurredAt: instantField }),
  z.strictObject({
    ...numbered,
    type: z.literal("final-status"),
    status: z.enum([
      "created",
      "approved",
      "processing",
      "invoiced",
      "shipped",
      "delivered",
      "unavailable",
      "canceled",
    ]),
  }),
]);

export const webhookAccepted = z.strictObject({ accepted: z.literal(true) });

export type FulfilmentBody = z.infer<typeof fulfilmentBody>;
