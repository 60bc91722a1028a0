/**
 * The events that both sides are given: batches as Lambda hands them over from an SQS FIFO queue,
 * with bodies of about 400 bytes.
 */
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { isoInstant, type EpochMs } from "#kernel/units";
import { encode } from "#messaging";

/** 2026-01-01T00:00:00Z */
const FIRST_SENT = 1_767_225_600_000;

/** A consumer gets at most 10 messages of a FIFO queue at once ("Amazon SQS message quotas"). */
export const BATCH_SIZE = 10;

export type MessageAt = { readonly stream: string; readonly sequence: number };

const AMOUNT = 5;

export function record({ stream, sequence }: MessageAt, over: object = {}): SQSRecord {
  const id = `${stream}-${String(sequence).padStart(12, "0")}-5d1c7e42`;
  const body = encode({
    specversion: "1.0",
    id,
    source: "urn:bank:accounts",
    type: "account.credited",
    time: isoInstant((FIRST_SENT + sequence) as EpochMs),
    partitionkey: stream,
    sequence,
    data: {
      amount: AMOUNT,
      currency: "EUR",
      reference: `payment ${sequence} of account ${stream}`,
      channel: { kind: "transfer", bank: "DEUTDEFF", country: "DE" },
      ...over,
    },
  });
  return {
    messageId: `message-${id}`,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: String(FIRST_SENT),
      SenderId: "producer",
      ApproximateFirstReceiveTimestamp: String(FIRST_SENT),
      MessageGroupId: stream,
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:accounts.fifo",
    awsRegion: "us-east-1",
  };
}

export type TrafficShape = {
  /** Messages of one stream in a batch. */
  readonly m: number;
  readonly streams: number;
  readonly messages: number;
  /** Records of a batch. Default 10. */
  readonly batchSize?: number;
  /** Sequences begin behind it. Default 0. */
  readonly after?: number;
  /** What its streams' names begin with. */
  readonly name?: string;
};

/**
 * Each batch has runs of `m` messages, each run of another stream; the streams take turns, so that
 * all advance alike.
 */
export function batches(shape: TrafficShape): readonly SQSEvent[] {
  const { m, streams, messages, batchSize = BATCH_SIZE, after = 0, name = "account" } = shape;
  const last = new Map<number, number>();
  let turn = 0;
  return Array.from({ length: Math.ceil(messages / batchSize) }, () => {
    const Records: SQSRecord[] = [];
    while (Records.length < batchSize) {
      const stream = turn % streams;
      turn += 1;
      const from = last.get(stream) ?? after;
      for (let step = 1; step <= m; step += 1) {
        Records.push(record({ stream: `${name}-${stream}`, sequence: from + step }));
      }
      last.set(stream, from + m);
    }
    return { Records };
  });
}

/** An invocation with time enough, without what the types call deprecated. */
export const unhurriedContext = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "consumer",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:consumer",
  memoryLimitInMB: "512",
  awsRequestId: "request",
  logGroupName: "",
  logStreamName: "",
  getRemainingTimeInMillis: () => 60_000,
} satisfies Omit<Context, "done" | "fail" | "succeed"> as Context;
