/**
 * The event source mapping between a queue and the function behind it, which answers by itself what
 * of a batch is not durable.
 */
import { Duration } from "aws-cdk-lib";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Need } from "./need.ts";
import type { ServiceFunction } from "./service-function.ts";

export type QueueMappingProps = {
  readonly queue: IQueue;
  /** With the rights of `receivesFrom`. */
  readonly worker: Pick<ServiceFunction, "lambda" | "role">;
  readonly batchSize: number;
  /** Batches under way at once, at least 2. */
  readonly concurrencyMax: number;
  /** How long messages are gathered for one batch, at most 300; a FIFO queue's are not. */
  readonly gatherSeconds?: number | undefined;
};

export function mapQueue(scope: Construct, props: QueueMappingProps): void {
  const { queue, worker, gatherSeconds } = props;
  const mapping = new EventSourceMapping(scope, "Mapping", {
    target: worker.lambda,
    eventSourceArn: queue.queueArn,
    batchSize: props.batchSize,
    maxConcurrency: props.concurrencyMax,
    ...(gatherSeconds !== undefined && { maxBatchingWindow: Duration.seconds(gatherSeconds) }),
    reportBatchItemFailures: true,
  });
  // Lambda tries to read the queue when the mapping is made.
  mapping.node.addDependency(worker.role);
}

/** What the mapping does with the function's own role. */
export const receivesFrom = ({ queueArn }: Pick<IQueue, "queueArn">): Need => ({
  environment: {},
  permissions: [
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [queueArn],
    },
  ],
});
