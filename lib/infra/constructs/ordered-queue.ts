/**
 * A FIFO queue for one ordered consumer, with its dead-letter queue: groups are independent of each
 * other in throughput and deduplication, everything is encrypted, nothing is accepted without TLS.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { limitsWith, type QueueLimits } from "./consumer-limits.ts";

export type OrderedQueueProps = Partial<QueueLimits> & {
  /** Physical name without `.fifo`. Default: CloudFormation's. */
  readonly queueName?: string;
  /** What becomes of both queues with their stack. Default: they stay, with what is in them. */
  readonly removalPolicy?: RemovalPolicy;
};

export class OrderedQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  /** What the queue was made for; its consumer is checked against it. */
  readonly limits: QueueLimits;

  /** Defaults: visible again after 60 s, given up after 15 receives. */
  constructor(scope: Construct, id: string, props: OrderedQueueProps = {}) {
    super(scope, id);
    const { queueName, removalPolicy = RemovalPolicy.RETAIN } = props;
    const { visibilityTimeoutSeconds, receivesMax } = limitsWith(props);
    this.limits = { visibilityTimeoutSeconds, receivesMax };
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
      removalPolicy,
    };
    const named = (suffix: string) =>
      queueName === undefined ? {} : { queueName: `${queueName}${suffix}.fifo` };
    this.deadLetterQueue = new Queue(this, "DeadLetters", { ...shared, ...named("-dead") });
    this.queue = new Queue(this, "Queue", {
      ...shared,
      ...named(""),
      visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: receivesMax },
    });
  }
}
