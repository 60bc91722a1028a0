/**
 * A batch of the simulated queue as the Lambda runtime hands it to a function, and the function's
 * answer as the event source mapping reads it.
 */
import { FullBatchFailureError } from "@aws-lambda-powertools/batch";
import type { Context, SQSRecord } from "aws-lambda";
import type { BatchAnswer, ConsumerReport, QueueRecord } from "#messaging";
import type { SimulatedProcess } from "#simulation/process";

export type LambdaHandler = (
  event: { readonly Records: SQSRecord[] },
  context: LambdaContext,
) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>;

/** @throws what the handler throws that says nothing about messages. */
export async function answerOf(
  batch: readonly QueueRecord[],
  handler: LambdaHandler,
  context: LambdaContext,
): Promise<BatchAnswer> {
  const report = NOTHING_REPORTED;
  try {
    const { batchItemFailures } = await handler({ Records: batch.map(sqsRecord) }, context);
    return { notDurable: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), report };
  } catch (error) {
    if (!(error instanceof FullBatchFailureError)) throw error;
    return { notDurable: batch.map(({ receiptId }) => receiptId), report };
  }
}

/** Only the library under test reports what it did. */
const NOTHING_REPORTED: ConsumerReport = {
  applied: 0,
  duplicates: 0,
  early: 0,
  released: 0,
  parkedBehindHalt: 0,
  halted: 0,
  refused: 0,
  undecodable: 0,
  late: 0,
  decided: 0,
  skipped: 0,
  resumed: 0,
  returned: 0,
  violations: {},
  reads: 0,
  writes: 0,
  commitMsMax: 0,
  lagMax: 0,
  ageMsMax: 0,
};

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:simulated.fifo";

const sqsRecord = ({ receiptId, group, body }: QueueRecord): SQSRecord => ({
  messageId: receiptId,
  receiptHandle: receiptId,
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "0",
    SenderId: "producer",
    ApproximateFirstReceiveTimestamp: "0",
    MessageGroupId: group,
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: QUEUE_ARN,
  awsRegion: "us-east-1",
});

/** Without what the types call deprecated. */
type LambdaContext = Omit<Context, "done" | "fail" | "succeed">;

export const contextOf = (
  { name }: SimulatedProcess,
  remainingMs: () => number,
): LambdaContext => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: "consumer",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:consumer",
  memoryLimitInMB: "256",
  awsRequestId: name,
  logGroupName: "",
  logStreamName: name,
  getRemainingTimeInMillis: remainingMs,
});
