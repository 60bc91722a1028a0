/**
 * A queue for what one service wants to know of what is published on the bus: kept until it has
 * been dealt with, and given up into dead letters. What comes has no order and may come twice.
 */
import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import { type EventBus, type EventPattern, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { QueueLimits } from "./consumer-limits.ts";

export type EventQueueProps = QueueLimits & {
  readonly bus: EventBus;
  readonly pattern: EventPattern;
  readonly description: string;
  /** Physical name. */
  readonly queueName: string;
  /** What becomes of both queues with their stack. */
  readonly removalPolicy: RemovalPolicy;
};

export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    const { bus, pattern, description, queueName, removalPolicy } = props;
    const shared: QueueProps = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest there is, for those who have to look into it.
      retentionPeriod: Duration.days(14),
      removalPolicy,
    };
    this.deadLetterQueue = new Queue(this, "DeadLetters", {
      ...shared,
      queueName: `${queueName}-dead`,
    });
    this.queue = new Queue(this, "Queue", {
      ...shared,
      queueName,
      visibilityTimeout: Duration.seconds(props.visibilityTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.receivesMax },
    });
    new Rule(this, "Rule", {
      eventBus: bus,
      eventPattern: pattern,
      description,
      targets: [
        new SqsQueue(this.queue, {
          // The event as it was committed, without the bus's own envelope.
          message: RuleTargetInput.fromEventPath("$.detail"),
          // Else what the bus cannot bring for a day is lost (eb-rule-dlq.html, User Guide).
          deadLetterQueue: this.deadLetterQueue,
        }),
      ],
    });
  }
}
