/**
 * Finds the streams of one consumer that are due and sends each a tick. Deployed once for every
 * ordered consumer, and told which.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { METRICS, serviceNamed } from "#contracts/metrics";
import { SWEPT_MAX, sweepStreams } from "#contracts/operator";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { sweep } from "#messaging";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";

const environment = config("HEADS_TABLE", "CONSUMER", "CONSUMER_QUEUE_URL");
const { HEADS_TABLE: table, CONSUMER: consumer, CONSUMER_QUEUE_URL: queueUrl } = environment;
const service = serviceNamed(consumer);

const ports = {
  index: dynamoHeadIndex({ client: dynamoClient(), table, consumer }),
  sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
  clock: systemClock,
  newId: randomIds,
  source: "urn:inorder:sweep",
};

export const handler = taskFunction({
  service,
  schema: sweepStreams,
  async handle({ limit = SWEPT_MAX }, { log }) {
    const streams = await sweep({ ...ports, streamsMax: limit });
    telemetry(service).count(METRICS.streamsTicked, streams.length);
    if (streams.length === limit) log.warn("More streams may be due than one sweep ticks.");
    return { ticked: streams.length };
  },
});
