/**
 * One statement gives a correct ordered consumer: a function on a FIFO queue that answers which
 * messages are not durable, knows its dead-letter queue, keeps its heads, and whose times and
 * counts fit the queue's; and the sweep that finds its streams when they are due.
 */
import { Duration } from "aws-cdk-lib";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { EnvKey } from "#contracts/env";
import { ATTENTION_INDEX } from "#contracts/indexes";
import type { ServiceName } from "#contracts/metrics";
import type { Bundle } from "../bundle.ts";
import type { FunctionSize } from "../config/stage.ts";
import { checkConsumer } from "./consumer-rules.ts";
import { keepsHeads, knows, type Need, queriesIndex, sendsTo, type Table } from "./need.ts";
import type { OrderedQueue } from "./ordered-queue.ts";
import { Schedule } from "./schedule.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";

export type OrderedConsumerProps = Omit<ServiceFunctionProps, "memoryMb" | "timeoutSeconds"> & {
  readonly source: OrderedQueue;
  /** Under which the function reports its metrics, and the consumer's name in its table. */
  readonly service: ServiceName;
  readonly heads: Heads;
  readonly sweep: SweepProps;
};

export type Heads = {
  readonly table: Table;
  /** By which the function is told the table. */
  readonly key: EnvKey;
};

export type SweepProps = FunctionSize & {
  readonly bundle: Bundle;
  /** Every minute; otherwise it waits to be invoked. */
  readonly isScheduled: boolean;
  readonly needs: readonly Need[];
};

export class OrderedConsumer extends Construct {
  readonly consumer: ServiceFunction;
  readonly sweep: ServiceFunction;
  readonly source: OrderedQueue;
  readonly service: ServiceName;

  /** Errors: `misconfigured` (reject) where queue and function do not fit (`consumer-rules.ts`). */
  constructor(scope: Construct, id: string, props: OrderedConsumerProps) {
    super(scope, id);
    const { limits, queue, deadLetterQueue } = props.source;
    checkConsumer(this.node.path, limits);
    this.source = props.source;
    this.service = props.service;
    this.consumer = new ServiceFunction(this, "Consumer", {
      ...props,
      memoryMb: limits.memoryMb,
      timeoutSeconds: limits.timeoutSeconds,
      needs: [
        receivesFrom(props.source),
        sendsTo("DEAD_LETTER_QUEUE_URL", deadLetterQueue),
        keepsHeads(props.heads.key, props.heads.table),
        knows("GAP_DEADLINE_SECONDS", String(limits.gapDeadlineSeconds)),
        knows("RETRY_DELAY_SECONDS", String(limits.retryDelaySeconds)),
        ...props.needs,
      ],
    });
    const mapping = new EventSourceMapping(this, "Mapping", {
      target: this.consumer.lambda,
      eventSourceArn: queue.queueArn,
      batchSize: limits.batchSize,
      maxConcurrency: limits.concurrencyMax,
      reportBatchItemFailures: true,
    });
    // Lambda tries to read the queue when the mapping is made.
    mapping.node.addDependency(this.consumer.role);
    this.sweep = this.sweepOf(props);
  }

  private sweepOf({ sweep, heads, service, logRetention }: OrderedConsumerProps): ServiceFunction {
    const { isScheduled, needs, ...rest } = sweep;
    const description = `Sends ticks to the streams of ${service} that are due`;
    const made = new ServiceFunction(this, "Sweep", {
      ...rest,
      description,
      logRetention,
      needs: [
        queriesIndex("HEADS_TABLE", heads.table, ATTENTION_INDEX.name),
        sendsTo("CONSUMER_QUEUE_URL", this.source.queue),
        knows("CONSUMER", service),
        ...needs,
      ],
    });
    if (isScheduled) {
      new Schedule(this, "EveryMinute", {
        target: made.lambda,
        every: Duration.minutes(1),
        description,
      });
    }
    return made;
  }
}

/** What the mapping does with the function's own role. */
const receivesFrom = ({ queue }: OrderedQueue): Need => ({
  environment: {},
  permissions: [
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [queue.queueArn],
    },
  ],
});
