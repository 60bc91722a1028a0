/**
 * A FIFO queue for one ordered consumer, with its dead-letter queue: groups are independent of each
 * other in throughput and deduplication, everything is encrypted, nothing is accepted without TLS.
 */
import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ConsumerLimits } from "../config/stage.ts";

export type OrderedQueueProps = {
  /** Physical name without `.fifo`. */
  readonly name: string;
  readonly limits: ConsumerLimits;
  readonly removalPolicy: RemovalPolicy;
};

export class OrderedQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  /** What the queue was made for; the consumer is checked against it. */
  readonly limits: ConsumerLimits;

  constructor(scope: Construct, id: string, props: OrderedQueueProps) {
    super(scope, id);
    this.limits = props.limits;
    const shared: QueueProps = {
      fifo: true,
      // Every sender names its own id: two equal bodies may be two messages.
      contentBasedDeduplication: false,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest there is: order and once-ness do not depend on it, only what an operator can
      // still repair.
      retentionPeriod: Duration.days(14),
      removalPolicy: props.removalPolicy,
    };
    this.deadLetterQueue = new Queue(this, "DeadLetters", {
      ...shared,
      queueName: `${props.name}-dead.fifo`,
    });
    this.queue = new Queue(this, "Queue", {
      ...shared,
      queueName: `${props.name}.fifo`,
      visibilityTimeout: Duration.seconds(props.limits.visibilityTimeoutSeconds),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: props.limits.receivesMax,
      },
    });
  }
}
