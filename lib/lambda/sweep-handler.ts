/**
 * The sweep of one ordered consumer: finds its streams that are due and sends each a tick through
 * the consumer's own queue, and counts those that stand halted, so that a halt is known also where
 * whoever wrote it died before he told. Its construct runs it every minute.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { CONSUMER_METRICS } from "#contracts/consumer-metrics";
import { systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { randomIds } from "#kernel/ids";
import { sweep, type SweepOptions } from "#messaging";
import { config } from "#runtime/config";
import type { LambdaContext } from "./queue-handler.ts";
import { stdoutTelemetry } from "./stdout-telemetry.ts";
import { metricNamespaceTold } from "./told.ts";

export type Swept = { readonly ticked: number; readonly halted: number };

/** What an operator may ask for: at most so many streams. Default and maximum: 500. */
export type SweepRequest = { readonly limit?: number };

export type SweepHandler = (event: unknown, context: LambdaContext) => Promise<Swept>;

/** @param options `groupOf`: as the consumer's, where it has one. */
export function sweepHandler({ groupOf }: Pick<SweepOptions, "groupOf"> = {}): SweepHandler {
  const told = config("INORDER_TABLE", "INORDER_CONSUMER", "INORDER_QUEUE_URL");
  const { INORDER_TABLE: table, INORDER_CONSUMER: consumer, INORDER_QUEUE_URL: queueUrl } = told;
  const telemetry = stdoutTelemetry({ service: consumer, namespace: metricNamespaceTold() });
  const ports = {
    index: dynamoHeadIndex({ client: dynamoClient(), table, consumer }),
    sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
    clock: systemClock,
    newId: randomIds,
    source: "urn:inorder:sweep",
    ...(groupOf === undefined ? {} : { groupOf }),
  };

  return async (event, context) => {
    telemetry.correlate({ requestId: context.awsRequestId });
    try {
      const limit = limitOf(event);
      // What stands is counted also where a tick could not be sent: its alarm must not fall silent.
      const [swept, standing] = await Promise.allSettled([
        sweep({ ...ports, streamsMax: limit }),
        ports.index.halted(STREAMS_MAX),
      ]);
      if (swept.status === "fulfilled") {
        telemetry.count(CONSUMER_METRICS.streamsTicked, swept.value.length);
        if (swept.value.length === limit) {
          telemetry.logger.warn("More streams may be due than one sweep ticks.");
        }
      }
      if (standing.status === "fulfilled") {
        telemetry.count(CONSUMER_METRICS.streamsStanding, standing.value.length);
      }
      if (swept.status === "rejected") throw swept.reason;
      if (standing.status === "rejected") throw standing.reason;
      return { ticked: swept.value.length, halted: standing.value.length };
    } catch (error) {
      telemetry.logger.error("The sweep failed; the next one looks again.", { error });
      throw error;
    } finally {
      telemetry.flush();
    }
  };
}

const STREAMS_MAX = 500;

function limitOf(event: unknown): number {
  const asked =
    typeof event === "object" && event !== null && "limit" in event ? event.limit : STREAMS_MAX;
  if (Number.isSafeInteger(asked) && Number(asked) >= 1 && Number(asked) <= STREAMS_MAX)
    return Number(asked);
  const rule = `an integer from 1 to ${STREAMS_MAX}`;
  const received = JSON.stringify(asked) ?? String(asked);
  throw new Failure(
    "invalid-request",
    "reject",
    `A sweep's limit is ${rule}; received ${received}.`,
  );
}
