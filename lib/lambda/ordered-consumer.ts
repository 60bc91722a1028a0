/**
 * An ordered consumer as a Lambda handler: the library on DynamoDB and SQS, told where they are by
 * its construct, with nothing left to wire but what a message does.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore, type HeadStoreProps } from "#adapters/aws/dynamodb/head-store";
import { noWrites, type TransactionWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import type { Json } from "#kernel/json";
import {
  type EffectsHandler,
  type ExternalHandler,
  type FoldHandler,
  type HeadStore,
  orderedConsumer as batchConsumer,
  type OrderedConsumerOptions as BatchConsumerOptions,
} from "#messaging";
import { logConsumer } from "./consumer-log.ts";
import { type ItemWrite, itemWrites, type TableKeys } from "./item-writes.ts";
import { type QueueHandler, queueHandler } from "./queue-handler.ts";
import { refusingHeads } from "./refused-writes.ts";
import { type ConsumerTelemetry, stdoutTelemetry } from "./stdout-telemetry.ts";
import { metricNamespaceTold, requireClaimChecks, settingsTold, told } from "./told.ts";

export type OrderedConsumerOptions<Handler, Write = never> = Pick<
  BatchConsumerOptions<Handler, Write>,
  "handler" | "settings" | "startAt" | "recovery" | "redelivery" | "claimChecks" | "groupOf"
> & {
  /** The consumer's name. No other consumer of the table has it. Default: its construct's. */
  readonly consumer?: string;
  /** The table with its heads. Default: its construct's. */
  readonly table?: string;
  /** Of the FIFO queue that takes what can never be applied. Default: its construct's. */
  readonly deadLetterQueueUrl?: string;
  /** Attributes written beside a fold's state, so that an index makes it a read model. */
  readonly index?: HeadStoreProps<Write>["index"];
  /** The key attributes of tables that effects put items into. Default: `pk` and `sk`. */
  readonly keys?: TableKeys;
  /** Where metrics and log lines go. Default: standard output, as CloudWatch reads both. */
  readonly telemetry?: ConsumerTelemetry;
  /** Another store of heads. Default: DynamoDB. */
  readonly heads?: HeadStore<Write>;
};

/** How effects of a kind of their own become actions of the transaction. */
export type OwnWrites<Write> = { readonly writes: TransactionWrites<Write> };

/**
 * Call it once, while the function starts: the sandbox remembers heads from batch to batch. The
 * mapping of the queue needs `ReportBatchItemFailures`, which the construct sets. A batch never
 * throws; it answers exactly the messages that are not durable.
 *
 * Errors, all at the cold start: `misconfigured` (reject), with what is missing, out of its range
 * or at odds with the construct.
 */
export function orderedConsumer<State extends Json>(
  options: OrderedConsumerOptions<FoldHandler<State>>,
): QueueHandler;
export function orderedConsumer<Loaded>(
  options: OrderedConsumerOptions<EffectsHandler<Loaded, ItemWrite>, ItemWrite>,
): QueueHandler;
export function orderedConsumer<Loaded, Write>(
  options: OrderedConsumerOptions<EffectsHandler<Loaded, Write>, Write> & OwnWrites<Write>,
): QueueHandler;
export function orderedConsumer(options: OrderedConsumerOptions<ExternalHandler>): QueueHandler;
export function orderedConsumer(
  options: AnyOptions<never> | AnyOptions<ItemWrite> | (AnyOptions<unknown> & OwnWrites<unknown>),
): QueueHandler {
  // The overloads say which handler goes with which writes.
  return consumerOf(options);
}

type AnyHandler<Write> = FoldHandler<Json> | EffectsHandler<unknown, Write> | ExternalHandler;
type AnyOptions<Write> = OrderedConsumerOptions<AnyHandler<Write>, Write>;

function consumerOf(options: AnyOptions<unknown> & Partial<OwnWrites<unknown>>): QueueHandler {
  const consumer = told("INORDER_CONSUMER", options.consumer, "consumer");
  const queueUrl = told(
    "INORDER_DEAD_LETTER_QUEUE_URL",
    options.deadLetterQueueUrl,
    "deadLetterQueueUrl",
  );
  requireClaimChecks(options.claimChecks);
  const { telemetry = stdoutTelemetry({ service: consumer, namespace: metricNamespaceTold() }) } =
    options;
  const heads = options.heads ?? dynamoHeads(options, consumer);
  const batches = batchConsumer({
    ...options,
    // The kinds are told apart when it runs; the overloads have seen to it that all fits together.
    handler: options.handler as EffectsHandler<unknown, unknown>,
    heads: refusingHeads(heads, telemetry.logger),
    deadLetters: sqsDeadLetters({ client: sqsClient(), queueUrl }),
    clock: systemClock,
    newId: randomIds,
    settings: settingsTold(options.settings),
    observe: logConsumer(telemetry.logger),
  });
  return queueHandler({
    consume: (records, deadline) => batches.consume(records, deadline),
    telemetry,
  });
}

function dynamoHeads(
  options: AnyOptions<unknown> & Partial<OwnWrites<unknown>>,
  consumer: string,
): HeadStore<unknown> {
  const table = told("INORDER_TABLE", options.table, "table");
  const { handler, index, keys, writes } = options;
  const ofHandler = handler.kind === "effects" ? itemWrites({ keys, headsTable: table }) : noWrites;
  return dynamoHeadStore<unknown>({
    client: dynamoClient(),
    table,
    consumer,
    writes: writes ?? ofHandler,
    ...(index === undefined ? {} : { index }),
  });
}
