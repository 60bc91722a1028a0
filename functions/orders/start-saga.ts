/**
 * Begins the saga of each placed order, from the FIFO queue that the outbox fills.
 */
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { stepFunctionsClient } from "#adapters/aws/stepfunctions/client";
import { stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { queueFunction } from "#runtime/queue-function";
import { telemetry } from "#runtime/telemetry";
import { notStarted, startSagas } from "#services/orders/usecases/start-sagas";
import { tellOutcomes } from "./saga-outcomes.ts";

const environment = config("SAGA_ARN", "DEAD_LETTER_QUEUE_URL");

const ports = {
  starter: stepFunctionsSagaStarter({
    client: stepFunctionsClient(),
    sagaArn: environment.SAGA_ARN,
  }),
  deadLetters: sqsDeadLetters({
    client: sqsClient(),
    queueUrl: environment.DEAD_LETTER_QUEUE_URL,
  }),
};

export const handler = queueFunction({
  service: SERVICES.sagaStart,
  async consume(records) {
    const outcomes = await startSagas(ports, records);
    tellOutcomes(outcomes, telemetry(SERVICES.sagaStart));
    return { notDurable: notStarted(outcomes) };
  },
});
