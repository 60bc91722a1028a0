/**
 * Lets deliveries whose next attempt is due go on: a control message into the lane of each, whose
 * consumer is the only one to act. One that is lost or sent twice does no harm.
 */
import type { NewId } from "#kernel/ids";
import { type DurationMs, type EpochMs, later, seconds } from "#kernel/units";
import { controlEnvelope, type FifoSender, type OutgoingMessage } from "#messaging";
import { WEBHOOK_EVENT_SOURCE } from "#contracts/events/webhook-events";
import type { DueRetry, RetryIndex } from "./ports.ts";

export type RetryPorts = {
  readonly index: RetryIndex;
  readonly sender: FifoSender;
  readonly newId: NewId;
};

export type RetriesRequested = {
  readonly requested: number;
  /** Of these, due for longer than the clock and the queue explain. */
  readonly overdue: number;
};

/** What is left over is due in the next run. */
const RETRIES_MAX = 1000;
const AT_ONCE_MAX = 100;
const OVERDUE: DurationMs = seconds(900);

/** @param ahead what is due within this time counts as due: for an operator who cannot wait. */
export async function requestRetries(
  { index, sender, newId }: RetryPorts,
  now: EpochMs,
  ahead: DurationMs,
): Promise<RetriesRequested> {
  const due = await index.due(later(now, ahead), RETRIES_MAX);
  const retries = due.map((retry) => retryOf(retry, newId()));
  for (let first = 0; first < retries.length; first += AT_ONCE_MAX) {
    await sender.send(retries.slice(first, first + AT_ONCE_MAX));
  }
  const overdue = due.filter(({ dueAt }) => later(dueAt, OVERDUE) < now).length;
  return { requested: due.length, overdue };
}

const retryOf = ({ lane, sequence }: DueRetry, id: string): OutgoingMessage => ({
  envelope: controlEnvelope(
    { kind: "retry", id, stream: lane, sequence, author: "webhooks", reason: "retry is due" },
    WEBHOOK_EVENT_SOURCE,
  ),
  group: lane,
  deduplicationId: id,
});
