// What SQS hears from a consumer, and what CloudWatch hears of it.
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { beforeEach, expect, test, vi } from "vitest";
import { METRICS } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import type { QueueRecord } from "#messaging/consumer/queue-record";
import { VIOLATION_KINDS } from "#messaging/violation/violation";
import { queueHandler } from "#lambda/queue-handler";
import {
  countedSurroundings,
  type CountedSurroundings,
  lambdaContext,
} from "../../support/gateway-event.ts";

let surroundings: CountedSurroundings;

beforeEach(() => {
  surroundings = countedSurroundings(0 as EpochMs);
});

const sqsRecord = (messageId: string, group?: string, sent = "0"): SQSRecord => ({
  messageId,
  receiptHandle: "handle",
  body: `body of ${messageId}`,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: sent,
    SenderId: "sender",
    ApproximateFirstReceiveTimestamp: "0",
    ...(group === undefined ? {} : { MessageGroupId: group }),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn",
  awsRegion: "us-east-1",
});

const batch: SQSEvent = {
  Records: [sqsRecord("m1", "a", "1893456000000"), sqsRecord("m2", "b"), sqsRecord("m3")],
};

const report = {
  applied: 5,
  duplicates: 4,
  early: 3,
  released: 2,
  parkedBehindHalt: 1,
  halted: 1,
  refused: 1,
  undecodable: 1,
  returned: 1,
  violations: { "timestamp-anomaly": 2, "sequence-conflict": 1 },
  late: 2,
  decided: 3,
  skipped: 4,
  resumed: 5,
  reads: 7,
  writes: 8,
  commitMsMax: 12,
  lagMax: 6,
  ageMsMax: 900,
};

test("records reach the consumer in order, with group and time left", async () => {
  const given: QueueRecord[] = [];
  const remaining: number[] = [];
  const handler = queueHandler({
    telemetry: surroundings.telemetry,
    async consume(records, deadline) {
      given.push(...records);
      remaining.push(deadline.remainingMs());
      return { notDurable: [] };
    },
  });

  const answer = await handler(batch, lambdaContext());

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(given).toEqual([
    { receiptId: "m1", group: "a", body: "body of m1", sentAt: 1_893_456_000_000 },
    { receiptId: "m2", group: "b", body: "body of m2" },
    { receiptId: "m3", group: "m3", body: "body of m3" },
  ]);
  expect(remaining).toEqual([10_000]);
});

test("what is not durable is returned, the report becomes metrics", async () => {
  const consume = async () => ({ notDurable: ["m2", "m3"], report });
  const timed = vi.spyOn(surroundings.telemetry, "milliseconds");

  const answer = await queueHandler({ telemetry: surroundings.telemetry, consume })(
    batch,
    lambdaContext(),
  );

  expect(answer).toEqual({
    batchItemFailures: [{ itemIdentifier: "m2" }, { itemIdentifier: "m3" }],
  });
  expect(Object.fromEntries(surroundings.counts)).toEqual({
    [METRICS.consumerBatches]: 1,
    [METRICS.consumerStreams]: 3,
    [METRICS.messagesApplied]: 5,
    [METRICS.duplicatesDropped]: 4,
    [METRICS.messagesHeld]: 3,
    [METRICS.heldReleased]: 2,
    [METRICS.messagesParkedBehindHalt]: 1,
    [METRICS.streamsHalted]: 1,
    [METRICS.messagesRefused]: 1,
    [METRICS.messagesUndecodable]: 1,
    [METRICS.messagesReturned]: 1,
    [METRICS.streamsResumed]: 5,
    [METRICS.messagesLate]: 2,
    [METRICS.messagesSkipped]: 4,
    [METRICS.controlsDecided]: 3,
    [METRICS.violations]: 3,
    [METRICS.violationsTimestamp]: 2,
    [METRICS.violationsConflict]: 1,
    [METRICS.parkedLag]: 6,
    [METRICS.consumerReads]: 7,
    [METRICS.consumerWrites]: 8,
  });
  expect(timed).toHaveBeenCalledTimes(2);
  expect(timed).toHaveBeenCalledWith(METRICS.commitLatencyMs, 12);
  expect(timed).toHaveBeenCalledWith(METRICS.appliedAgeMs, 900);
});

test.each(VIOLATION_KINDS)("a violation %s has a metric of its own, by its name", async (kind) => {
  const consume = async () => ({
    notDurable: [],
    report: { ...report, violations: { [kind]: 2 } },
  });

  await queueHandler({ telemetry: surroundings.telemetry, consume })(batch, lambdaContext());

  const name = kind.replaceAll(/(?:^|-)(.)/g, (_all, first: string) => first.toUpperCase());
  const counted = [...surroundings.counts].filter(([metric]) => metric.startsWith("Violations"));
  expect(counted).toEqual([
    [METRICS.violations, 2],
    [`Violations${name}`, 2],
  ]);
});

test("an unexpected error returns every message and is not thrown", async () => {
  const consume = () => Promise.reject(new Error("a bug"));

  const answer = await queueHandler({ telemetry: surroundings.telemetry, consume })(
    batch,
    lambdaContext(),
  );

  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
    "m1",
    "m2",
    "m3",
  ]);
  expect(surroundings.counts.get(METRICS.messagesReturned)).toBe(3);
});

test("what is no event of a queue is refused with what it should be", async () => {
  const consume = async () => ({ notDurable: [] });
  const handler = queueHandler({ telemetry: surroundings.telemetry, consume });

  const refused = handler({ order: 7 } as unknown as SQSEvent, lambdaContext());

  await expect(refused).rejects.toThrow(/events of an SQS FIFO queue.*received \{"order":7\}/);
});
