/**
 * Applies what the outside world reports to the order's own stream: one commit for each report,
 * written in one transaction with the consumer's position.
 */
import {
  FULFILMENT_TYPE,
  type FulfilmentData,
  fulfilmentData,
} from "#contracts/events/fulfilment-message";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { AppendWrite, Delivery, EffectsHandler, Message } from "#messaging";
import { decide, type Report } from "../domain/order.ts";
import type { OrderStore } from "../ports.ts";
import { afterCommit, commitOf, type LoadedOrder, readOrder } from "./order-stream.ts";

/**
 * `handle` throws `Failure`: `order-not-open` (retry) while the order's saga runs;
 * `fulfilment-not-expected` or `malformed-message` (halt) for a report that can never be applied.
 */
export const fulfilmentHandler = (
  store: Pick<OrderStore, "read" | "tail">,
): EffectsHandler<LoadedOrder, AppendWrite> => ({
  kind: "effects",
  load: (stream) => readOrder(store, stream),
  handle(order, message, delivery) {
    const report = reportOf(message, delivery);
    const events = decide({ type: "report-fulfilment", report }, order.state);
    if (events.length === 0) return { loaded: order, writes: [] };
    const { traceparent } = message;
    const commit = commitOf(order, events, { now: delivery.now, traceparent });
    return { loaded: afterCommit(order, commit), writes: [{ kind: "append", commit }] };
  },
  startedAt: ({ state }) => (state.phase === "unplaced" ? undefined : state.facts.placedAt),
});

function reportOf(message: Message, { now, held }: Delivery): Report {
  if (message.type !== FULFILMENT_TYPE) throw malformed(message, `its type is ${message.type}`);
  const parsed = fulfilmentData.safeParse(message.data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(message, `/${issue?.path.join("/")}: ${issue?.message}`);
  }
  return {
    ...whatHappened(message, parsed.data),
    receivedAt: parsed.data.receivedAt as EpochMs,
    appliedAt: now,
    held,
    webhookId: message.id,
    webhookSequence: message.sequence,
  };
}

type WhatHappened =
  | Pick<Extract<Report, { report: "final-status" }>, "report" | "status">
  | Pick<Exclude<Report, { report: "final-status" }>, "report" | "occurredAt">;

/**
 * A step has a time, a final status has a status; the contract's flat shape cannot say so itself.
 */
function whatHappened(message: Message, { report, status }: FulfilmentData): WhatHappened {
  if (report === "final-status") {
    if (status === undefined) throw malformed(message, "a final status names the status");
    return { report, status };
  }
  if (message.time === undefined) throw malformed(message, `${report} has the time it happened`);
  return { report, occurredAt: message.time };
}

const malformed = (message: Message, why: string): Failure =>
  new Failure(
    "malformed-message",
    "halt",
    `message ${message.id} (sequence ${message.sequence}) is no fulfilment report: ${why}`,
  );
