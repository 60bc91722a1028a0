/**
 * Lets deliveries whose next attempt is due go on. It reads where they wait, and neither what they
 * say nor the secrets that they are signed with.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoWebhookRetries } from "#adapters/aws/dynamodb/webhook-deliveries";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { METRICS, SERVICES } from "#contracts/metrics";
import { retryWebhooks } from "#contracts/operator";
import { randomIds } from "#kernel/ids";
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { requestRetries } from "#services/webhooks/request-retries";

const environment = config("WEBHOOKS_TABLE", "WEBHOOK_DELIVERY_QUEUE_URL");

const ports = {
  index: dynamoWebhookRetries({ client: dynamoClient(), table: environment.WEBHOOKS_TABLE }),
  sender: sqsFifoSender({
    client: sqsClient(),
    queueUrl: environment.WEBHOOK_DELIVERY_QUEUE_URL,
  }),
  newId: randomIds,
};

export const handler = taskFunction({
  service: SERVICES.webhooks,
  schema: retryWebhooks,
  async handle({ aheadSeconds = 0 }, { now }) {
    const answer = await requestRetries(ports, now, seconds(aheadSeconds));
    telemetry(SERVICES.webhooks).count(METRICS.webhooksOverdue, answer.overdue);
    return answer;
  },
});
