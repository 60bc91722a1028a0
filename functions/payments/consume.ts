/**
 * The consumer of what the provider reports of payments: newest state first, each once.
 */
import { dynamoIdempotencyStore } from "#adapters/aws/dynamodb/idempotency-store";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { SERVICES } from "#contracts/metrics";
import { queueHandler } from "#lambda/queue-handler";
import { systemClock } from "#kernel/clock";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { hearReport } from "#services/payments/hear-report";
import { reportConsumer } from "#services/payments/report-consumer";
import { agreeing } from "./agreeing.ts";

const environment = config(
  "PAYMENTS_TABLE",
  "PROVIDER_URL",
  "PROVIDER_SECRET_ARN",
  "EVENT_BUS_NAME",
  "INORDER_DEAD_LETTER_QUEUE_URL",
);
const told = telemetry(SERVICES.payments);
const ports = agreeing(environment, told);

export const handler = queueHandler({
  telemetry: told,
  consume: reportConsumer({
    store: dynamoIdempotencyStore(ports.table),
    deadLetters: sqsDeadLetters({
      client: sqsClient(),
      queueUrl: environment.INORDER_DEAD_LETTER_QUEUE_URL,
    }),
    count: told.count,
    warn: told.logger.warn,
    hear: (report) => hearReport(ports, report, systemClock.now()),
  }),
});
