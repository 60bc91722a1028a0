/**
 * What is published as `inorder/cdk`: an ordered consumer and all that belongs to it, in one
 * construct; the relay in front of it, and the bucket of what no queue takes.
 */
export { OrderedConsumer, type OrderedConsumerProps } from "./constructs/ordered-consumer.ts";
export { ClaimCheckBucket, type ClaimCheckBucketProps } from "./constructs/claim-check-bucket.ts";
export { OutboxRelay, type OutboxRelayProps } from "./constructs/outbox-relay.ts";
export { OrderedQueue, type OrderedQueueProps } from "./constructs/ordered-queue.ts";
export { HEAD_INDEX } from "./constructs/service-table.ts";
export type {
  ConsumerLimits,
  ConsumerThresholds,
  FunctionSize,
  QueueLimits,
} from "./constructs/consumer-limits.ts";
export type { Watch } from "./constructs/alarms.ts";
