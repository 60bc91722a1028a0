/**
 * One statement gives a correct ordered consumer: a function on a FIFO queue that answers which
 * messages are not durable, knows its dead-letter queue, and whose times and counts fit the
 * queue's.
 */
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { ServiceName } from "#contracts/metrics";
import { checkConsumer } from "./consumer-rules.ts";
import { type Need, sendsTo } from "./need.ts";
import type { OrderedQueue } from "./ordered-queue.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";

export type OrderedConsumerProps = Omit<ServiceFunctionProps, "memoryMb" | "timeoutSeconds"> & {
  readonly source: OrderedQueue;
  /** The name under which the function reports its metrics. */
  readonly service: ServiceName;
};

export class OrderedConsumer extends Construct {
  readonly consumer: ServiceFunction;
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
