/**
 * Puts what the provider says of a payment into the queue that brings it to its consumer: durable
 * first, looked into later.
 */
import {
  PAYMENT_REPORTED,
  PAYMENT_SOURCE,
  type PaymentReported,
} from "#contracts/events/payment-events";
import { webhookIdOf } from "#contracts/http/webhooks";
import type { FifoSender } from "#messaging";

export type AcceptReport = {
  /** The provider's id of the webhook, the same on every repetition. */
  readonly webhookId: string;
  readonly report: PaymentReported;
  readonly requestId: string;
  readonly traceparent?: string | undefined;
};

/**
 * Resolves when the report is in the queue. A repeated one is sent again under an id of its own, so
 * that the consumer sees and counts it. Errors: `Failure` `invalid-request` (reject),
 * `store-unavailable` (retry).
 */
export async function acceptReport(
  { sender }: { readonly sender: FifoSender },
  { webhookId, report, requestId, traceparent }: AcceptReport,
): Promise<void> {
  const envelope = {
    specversion: "1.0",
    id: webhookIdOf(webhookId),
    source: PAYMENT_SOURCE,
    type: PAYMENT_REPORTED,
    datacontenttype: "application/json",
    partitionkey: report.paymentId,
    sequence: rankOf(report),
    ...(traceparent !== undefined && { traceparent }),
    data: report,
  } as const;
  const deduplicationId = `${webhookId}#${requestId}`;
  await sender.send([{ envelope, group: report.paymentId, deduplicationId }]);
}

/**
 * Providers do not number what they say, but a payment only ever moves on: from authorised to where
 * it ends, and from there only more is paid back.
 */
export const rankOf = ({ status, refunded }: PaymentReported): number =>
  (status === "authorised" ? 1 : 2) + refunded;
