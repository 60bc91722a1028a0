/**
 * What our event stores can send again, and to which consumers: the same events, under the same
 * ids, as their relays sent.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { dynamoCommitLog } from "#adapters/aws/dynamodb/commit-log";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { s3ClaimCheckStore } from "#adapters/aws/s3/claim-check-store";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { DELIVERY_DUE, WEBHOOK_EVENT_SOURCE } from "#contracts/events/webhook-events";
import type { OutputName } from "#contracts/outputs";
import { randomIds } from "#kernel/ids";
import type { ResendOptions, ResendSinceOptions } from "#messaging";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import { UsageError } from "./start-options.ts";
import type { Target } from "./target.ts";

type Route = {
  readonly queue: OutputName;
  readonly types: readonly string[];
  /** Default: the orders' store. */
  readonly from?: { readonly table: OutputName; readonly source: string };
};

/** Without a reader that the relay feeds it does not compile. */
const ROUTES: Readonly<Record<string, Route>> = {
  "order-list": { queue: "OrderListQueueUrl", types: ORDER_EVENT_READERS["order-list"] },
  "webhook-plan": { queue: "WebhookPlanQueueUrl", types: ORDER_EVENT_READERS["webhook-plan"] },
  recommendations: {
    queue: "RecommendationsQueueUrl",
    types: ORDER_EVENT_READERS.recommendations,
  },
  "saga-start": { queue: "SagaStartQueueUrl", types: ORDER_EVENT_READERS["saga-start"] },
  "webhook-delivery": {
    queue: "WebhookDeliveryQueueUrl",
    types: [DELIVERY_DUE],
    from: { table: "WebhooksTable", source: WEBHOOK_EVENT_SOURCE },
  },
} satisfies Record<keyof typeof ORDER_EVENT_READERS | "webhook-delivery", Route>;

/** Throws `UsageError` for a consumer that reads no events. */
export function producerFor(
  consumer: string,
  target: Target,
  outputs: Outputs,
): ResendOptions & ResendSinceOptions {
  const route = ROUTES[consumer];
  if (route === undefined) {
    const known = Object.keys(ROUTES).join(", ");
    throw new UsageError(
      `--consumer must be one of ${known}, got "${consumer}": others get no events of ours.`,
    );
  }
  const settings = { ...connection(target), maxAttempts: 5 };
  const { table, source } = route.from ?? { table: "OrdersTable", source: ORDER_EVENT_SOURCE };
  const written = { client: new DynamoDBClient(settings), table: outputs[table] };
  return {
    store: dynamoEventStore(written),
    log: dynamoCommitLog(written),
    sender: sqsFifoSender({
      client: new SQSClient(settings),
      queueUrl: outputs[route.queue],
    }),
    source,
    types: route.types,
    newId: randomIds,
    claimChecks: s3ClaimCheckStore({
      client: new S3Client({ ...settings, forcePathStyle: true }),
      bucket: outputs.ClaimCheckBucket,
    }),
  };
}
