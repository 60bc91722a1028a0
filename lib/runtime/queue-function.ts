/**
 * The entry point of an SQS consumer: translates the batch, reports what the consumer did as
 * metrics, and answers which messages are not durable. It never throws: a thrown error would return
 * the whole batch without a word about why.
 */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { type MetricName, METRICS, type ServiceName } from "#contracts/metrics";
import { systemTimer } from "#kernel/clock";
import { milliseconds } from "#kernel/units";
import type { ConsumerReport } from "#messaging/consumer/consumer-report";
import type { Deadline, QueueRecord } from "#messaging/consumer/queue-record";
import { VIOLATION_KINDS, type ViolationKind } from "#messaging/violation/violation";
import { surroundingsOf, type Surroundings } from "./surroundings.ts";
import type { Telemetry } from "./telemetry.ts";

export type QueueFunction = {
  readonly service: ServiceName;
  /** Answers the receipt ids of what must be delivered again, and what the batch did. */
  readonly consume: (
    records: readonly QueueRecord[],
    deadline: Deadline,
  ) => Promise<{ readonly notDurable: readonly string[]; readonly report?: ConsumerReport }>;
};

export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export function queueFunction(
  { service, consume }: QueueFunction,
  { telemetry }: Pick<Surroundings, "telemetry"> = surroundingsOf(service),
): QueueHandler {
  return async (event, context) => {
    telemetry.correlate({ requestId: context.awsRequestId });
    const records = event.Records.map(queueRecord);
    try {
      const { notDurable, report } = await consume(records, deadlineOf(context));
      telemetry.count(METRICS.consumerBatches);
      telemetry.count(METRICS.consumerStreams, new Set(records.map(({ group }) => group)).size);
      if (report !== undefined) countReport(telemetry, report);
      return returning(notDurable);
    } catch (error) {
      // Nothing is known about any of them; what was applied already is dropped as a duplicate when
      // it comes again.
      telemetry.logger.error("The batch failed as a whole; every message is returned.", { error });
      telemetry.count(METRICS.messagesReturned, records.length);
      return returning(records.map((record) => record.receiptId));
    } finally {
      telemetry.flush();
    }
  };
}

const deadlineOf = (context: Context): Deadline => {
  const remainingMs = (): number => context.getRemainingTimeInMillis();
  return {
    remainingMs,
    near: (marginMs, tell) =>
      systemTimer(milliseconds(Math.max(0, remainingMs() - marginMs)), tell),
  };
};

/** A message of a queue without groups is a group of its own. */
const queueRecord = (record: SQSRecord): QueueRecord => ({
  receiptId: record.messageId,
  group: record.attributes.MessageGroupId ?? record.messageId,
  body: record.body,
});

const returning = (receiptIds: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: receiptIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Metrics of their own instead of a dimension: the set is closed. */
const VIOLATIONS_BY_KIND: Readonly<Record<ViolationKind, MetricName>> = {
  "sequence-conflict": METRICS.violationsConflict,
  "partition-mismatch": METRICS.violationsPartition,
  gap: METRICS.violationsGap,
  "out-of-order": METRICS.violationsOutOfOrder,
  unknown: METRICS.violationsUnknown,
  "timestamp-anomaly": METRICS.violationsTimestamp,
};

function countReport(telemetry: Telemetry, report: ConsumerReport): void {
  const violations = Object.values(report.violations).reduce((sum, some) => sum + some, 0);
  telemetry.count(METRICS.messagesApplied, report.applied);
  telemetry.count(METRICS.duplicatesDropped, report.duplicates);
  telemetry.count(METRICS.messagesHeld, report.early);
  telemetry.count(METRICS.heldReleased, report.released);
  telemetry.count(METRICS.messagesParkedBehindHalt, report.parkedBehindHalt);
  telemetry.count(METRICS.streamsHalted, report.halted);
  telemetry.count(METRICS.messagesRefused, report.refused);
  telemetry.count(METRICS.messagesUndecodable, report.undecodable);
  telemetry.count(METRICS.messagesReturned, report.returned);
  telemetry.count(METRICS.streamsResumed, report.resumed);
  telemetry.count(METRICS.messagesLate, report.late);
  telemetry.count(METRICS.messagesSkipped, report.skipped);
  telemetry.count(METRICS.controlsDecided, report.decided);
  telemetry.count(METRICS.violations, violations);
  for (const kind of VIOLATION_KINDS) {
    const filed = report.violations[kind] ?? 0;
    if (filed > 0) telemetry.count(VIOLATIONS_BY_KIND[kind], filed);
  }
  telemetry.count(METRICS.parkedLag, report.lagMax);
  if (report.commitMsMax > 0) telemetry.milliseconds(METRICS.commitLatencyMs, report.commitMsMax);
  if (report.ageMsMax > 0) telemetry.milliseconds(METRICS.appliedAgeMs, report.ageMsMax);
  telemetry.count(METRICS.consumerReads, report.reads);
  telemetry.count(METRICS.consumerWrites, report.writes);
}
