/**
 * The entry point of an SQS consumer: translates the batch, reports what the consumer did as
 * metrics, and answers which messages are not durable. It never throws for a batch: a thrown error
 * would return all of it without a word about why.
 */
import { CONSUMER_METRICS, type ConsumerMetric } from "#contracts/consumer-metrics";
import { systemTimer } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type EpochMs, milliseconds } from "#kernel/units";
import type { ConsumerReport } from "#messaging/consumer/consumer-report";
import type { Deadline, QueueRecord } from "#messaging/consumer/queue-record";
import { VIOLATION_KINDS, type ViolationKind } from "#messaging/violation/violation";
import type { ConsumerTelemetry } from "./stdout-telemetry.ts";

/**
 * What is used of Lambda's event for SQS. Source: AWS Lambda developer guide, "Using Lambda with
 * Amazon SQS".
 */
export type QueueEvent = { readonly Records: readonly QueueEventRecord[] };

export type QueueEventRecord = {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: {
    readonly MessageGroupId?: string | undefined;
    /** Milliseconds since the epoch, in decimal. */
    readonly SentTimestamp?: string | undefined;
  };
};

/** What is used of Lambda's context. */
export type LambdaContext = {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
};

/** Source: AWS Lambda developer guide, "Implementing partial batch responses". */
export type QueueAnswer = { batchItemFailures: { itemIdentifier: string }[] };

export type QueueHandler = (event: QueueEvent, context: LambdaContext) => Promise<QueueAnswer>;

export type QueueHandlerOptions = {
  readonly telemetry: ConsumerTelemetry;
  /** Answers the receipt ids of what must be delivered again, and what the batch did. */
  readonly consume: (
    records: readonly QueueRecord[],
    deadline: Deadline,
  ) => Promise<{ readonly notDurable: readonly string[]; readonly report?: ConsumerReport }>;
};

export function queueHandler({ consume, telemetry }: QueueHandlerOptions): QueueHandler {
  return async (event, context) => {
    telemetry.correlate({ requestId: context.awsRequestId });
    const records = recordsOf(event).map(queueRecord);
    try {
      const { notDurable, report } = await consume(records, deadlineOf(context));
      telemetry.count(CONSUMER_METRICS.consumerBatches);
      const groups = new Set(records.map(({ group }) => group));
      telemetry.count(CONSUMER_METRICS.consumerStreams, groups.size);
      if (report !== undefined) countReport(telemetry, report);
      return returning(notDurable);
    } catch (error) {
      // Nothing is known about any of them; what was applied already is dropped as a duplicate when
      // it comes again.
      telemetry.logger.error("The batch failed as a whole; every message is returned.", { error });
      telemetry.count(CONSUMER_METRICS.messagesReturned, records.length);
      return returning(records.map((record) => record.receiptId));
    } finally {
      telemetry.flush();
    }
  };
}

const deadlineOf = (context: LambdaContext): Deadline => {
  const remainingMs = (): number => context.getRemainingTimeInMillis();
  return {
    remainingMs,
    near: (marginMs, tell) =>
      systemTimer(milliseconds(Math.max(0, remainingMs() - marginMs)), tell),
  };
};

/** Something else than a queue calls: there is nothing that could be returned to it. */
function recordsOf(event: QueueEvent): readonly QueueEventRecord[] {
  const records: unknown = (event as Partial<QueueEvent> | undefined)?.Records;
  if (Array.isArray(records)) return event.Records;
  const received = JSON.stringify(event)?.slice(0, EXCERPT_CHARACTERS) ?? "nothing";
  throw new Failure(
    "invalid-request",
    "reject",
    `An ordered consumer takes the events of an SQS FIFO queue, with \`Records\`; received ` +
      `${received}. Send messages to its queue instead of invoking it.`,
  );
}

const EXCERPT_CHARACTERS = 200;

/** A message of a queue without groups is a group of its own. */
const queueRecord = ({ messageId, body, attributes }: QueueEventRecord): QueueRecord => ({
  receiptId: messageId,
  group: attributes.MessageGroupId ?? messageId,
  body,
  ...sent(Number(attributes.SentTimestamp)),
});

const sent = (at: number): Pick<QueueRecord, "sentAt"> =>
  Number.isSafeInteger(at) && at > 0 ? { sentAt: at as EpochMs } : {};

const returning = (receiptIds: readonly string[]): QueueAnswer => ({
  batchItemFailures: receiptIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Metrics of their own instead of a dimension: the set is closed. */
const VIOLATIONS_BY_KIND: Readonly<Record<ViolationKind, ConsumerMetric>> = {
  "sequence-conflict": CONSUMER_METRICS.violationsConflict,
  "partition-mismatch": CONSUMER_METRICS.violationsPartition,
  gap: CONSUMER_METRICS.violationsGap,
  "out-of-order": CONSUMER_METRICS.violationsOutOfOrder,
  unknown: CONSUMER_METRICS.violationsUnknown,
  "timestamp-anomaly": CONSUMER_METRICS.violationsTimestamp,
};

function countReport(telemetry: ConsumerTelemetry, report: ConsumerReport): void {
  const violations = Object.values(report.violations).reduce((sum, some) => sum + some, 0);
  telemetry.count(CONSUMER_METRICS.messagesApplied, report.applied);
  telemetry.count(CONSUMER_METRICS.duplicatesDropped, report.duplicates);
  telemetry.count(CONSUMER_METRICS.messagesHeld, report.early);
  telemetry.count(CONSUMER_METRICS.heldReleased, report.released);
  telemetry.count(CONSUMER_METRICS.messagesParkedBehindHalt, report.parkedBehindHalt);
  telemetry.count(CONSUMER_METRICS.streamsHalted, report.halted);
  telemetry.count(CONSUMER_METRICS.messagesRefused, report.refused);
  telemetry.count(CONSUMER_METRICS.messagesUndecodable, report.undecodable);
  telemetry.count(CONSUMER_METRICS.messagesReturned, report.returned);
  telemetry.count(CONSUMER_METRICS.streamsResumed, report.resumed);
  telemetry.count(CONSUMER_METRICS.messagesLate, report.late);
  telemetry.count(CONSUMER_METRICS.messagesSkipped, report.skipped);
  telemetry.count(CONSUMER_METRICS.controlsDecided, report.decided);
  telemetry.count(CONSUMER_METRICS.violations, violations);
  for (const kind of VIOLATION_KINDS) {
    const filed = report.violations[kind] ?? 0;
    if (filed > 0) telemetry.count(VIOLATIONS_BY_KIND[kind], filed);
  }
  telemetry.count(CONSUMER_METRICS.parkedLag, report.lagMax);
  if (report.commitMsMax > 0)
    telemetry.milliseconds(CONSUMER_METRICS.commitLatencyMs, report.commitMsMax);
  if (report.ageMsMax > 0) telemetry.milliseconds(CONSUMER_METRICS.appliedAgeMs, report.ageMsMax);
  telemetry.count(CONSUMER_METRICS.consumerReads, report.reads);
  telemetry.count(CONSUMER_METRICS.consumerWrites, report.writes);
}
