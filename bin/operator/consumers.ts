/**
 * The ordered consumers of the system, by the names that operators use, and what reaches each: its
 * heads, its queue and its dead letters.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { ORDER_LIST_CONSUMER } from "#adapters/aws/dynamodb/order-list";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { SERVICES } from "#contracts/metrics";
import type { OutputName } from "#contracts/outputs";
import { consumerIn, FIRST_GENERATION } from "#contracts/projection";
import type { KnownGenerations } from "#lambda/projection/generations";
import { generationsOf } from "#lambda/projection/generations-of";
import { liveHeads } from "#lambda/projection/live-heads";
import type { AuditLog, FifoSender, HeadIndex, HeadStore } from "#messaging";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import { UsageError } from "./start-options.ts";
import type { Target } from "./target.ts";

type Place = { readonly table: OutputName; readonly queue: OutputName; readonly dead: OutputName };

const PLACES: Readonly<Record<string, Place>> = {
  [FULFILMENT_CONSUMER]: {
    table: "OrdersTable",
    queue: "FulfilmentQueueUrl",
    dead: "FulfilmentDeadLetterQueueUrl",
  },
  [ORDER_LIST_CONSUMER]: {
    table: "OrderListTable",
    queue: "OrderListQueueUrl",
    dead: "OrderListDeadLetterQueueUrl",
  },
  [SERVICES.recommendations]: {
    table: "RecommendationsTable",
    queue: "RecommendationsQueueUrl",
    dead: "RecommendationsDeadLetterQueueUrl",
  },
  [SERVICES.sagaStart]: {
    table: "OrdersTable",
    queue: "SagaStartQueueUrl",
    dead: "SagaStartDeadLetterQueueUrl",
  },
  [SERVICES.webhookPlan]: {
    table: "WebhooksTable",
    queue: "WebhookPlanQueueUrl",
    dead: "WebhookPlanDeadLetterQueueUrl",
  },
  [SERVICES.webhookDelivery]: {
    table: "WebhooksTable",
    queue: "WebhookDeliveryQueueUrl",
    dead: "WebhookDeliveryDeadLetterQueueUrl",
  },
};

/** Those whose heads are those of a generation. */
const REBUILT: readonly string[] = [ORDER_LIST_CONSUMER, SERVICES.recommendations];

const ONE_GENERATION: Pick<KnownGenerations, "reading"> = {
  reading: (read) => read(FIRST_GENERATION),
};

const CONSUMERS: readonly string[] = Object.keys(PLACES);

export type ConsumerAccess = {
  readonly name: string;
  readonly heads: Pick<HeadStore, "read" | "readParked">;
  readonly index: HeadIndex;
  readonly audit: AuditLog;
  /** Into the consumer's own queue: the group of a stream is its name. */
  readonly sender: FifoSender;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly sqs: SQSClient;
};

/** Throws `UsageError` for a name that is none. */
export function consumerNamed(name: string, target: Target, outputs: Outputs): ConsumerAccess {
  const place = PLACES[name];
  if (place === undefined) {
    throw new UsageError(`--consumer must be one of ${CONSUMERS.join(", ")}, got "${name}".`);
  }
  const settings = { ...connection(target), maxAttempts: 5 };
  const heads = { client: new DynamoDBClient(settings), table: outputs[place.table] };
  const sqs = new SQSClient(settings);
  const queueUrl = outputs[place.queue];
  const generations = REBUILT.includes(name) ? generationsOf(heads) : ONE_GENERATION;
  return {
    name,
    heads: liveHeads(heads, name, generations),
    index: dynamoHeadIndex({ ...heads, consumer: name }),
    audit: {
      records: (stream, limit, after) =>
        generations.reading((live) =>
          dynamoAuditLog({ ...heads, consumer: consumerIn(name, live) }).records(
            stream,
            limit,
            after,
          ),
        ),
    },
    sender: sqsFifoSender({ client: sqs, queueUrl }),
    queueUrl,
    deadLetterQueueUrl: outputs[place.dead],
    sqs,
  };
}
