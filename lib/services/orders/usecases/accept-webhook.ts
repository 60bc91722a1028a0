/**
 * Puts one report of the outside world into the queue that gives it back its order: durable first,
 * applied later.
 */
import {
  FULFILMENT_SOURCE,
  FULFILMENT_TYPE,
  type FulfilmentData,
} from "#contracts/events/fulfilment-message";
import { type FulfilmentBody, webhookIdOf } from "#contracts/http/webhooks";
import { Failure } from "#kernel/failure";
import { type EpochMs, isoInstant, parseInstant } from "#kernel/units";
import type { Envelope, FifoSender } from "#messaging";

export type WebhookRequest = {
  /**
   * The sender's id of the report, the same on every repetition (Standard Webhooks: `webhook-id`).
   */
  readonly webhookId: string;
  readonly body: FulfilmentBody;
  readonly now: EpochMs;
  readonly requestId: string;
  readonly traceparent?: string | undefined;
};

/**
 * Resolves when the report is in the queue. A repeated webhook is sent again, under a deduplication
 * id of its own, so that the consumer sees and counts it. Throws `Failure`: `invalid-request`
 * (reject), `store-unavailable` (retry).
 */
export async function acceptWebhook(
  { sender }: { readonly sender: FifoSender },
  request: WebhookRequest,
): Promise<void> {
  const envelope = envelopeOf(request);
  const deduplicationId = `${request.webhookId}#${request.requestId}`;
  await sender.send([{ envelope, group: request.body.orderId, deduplicationId }]);
}

function envelopeOf({ webhookId, body, now, traceparent }: WebhookRequest): Envelope {
  const { report, time } = whatIsSaid(body);
  return {
    specversion: "1.0",
    id: webhookIdOf(webhookId),
    source: FULFILMENT_SOURCE,
    type: FULFILMENT_TYPE,
    ...(time !== undefined && { time }),
    subject: body.orderId,
    datacontenttype: "application/json",
    partitionkey: body.orderId,
    sequence: body.sequence,
    ...(traceparent !== undefined && { traceparent }),
    data: { ...report, receivedAt: now } satisfies FulfilmentData,
  };
}

type WhatIsSaid = {
  readonly report: Omit<FulfilmentData, "receivedAt">;
  readonly time?: string;
};

function whatIsSaid(body: FulfilmentBody): WhatIsSaid {
  switch (body.type) {
    case "approved":
    case "handed-to-carrier":
    case "delivered":
      return { report: { report: body.type }, time: inUtc(body.occurredAt) };
    case "final-status":
      return { report: { report: body.type, status: body.status } };
    default:
      return body satisfies never;
  }
}

function inUtc(text: string): string {
  const at = parseInstant(text);
  if (at !== undefined) return isoInstant(at);
  throw new Failure("invalid-request", "reject", `${text} is not an RFC 3339 instant.`, {
    details: [{ pointer: "/occurredAt", detail: "Write it like 2017-10-02T11:07:00Z." }],
  });
}
