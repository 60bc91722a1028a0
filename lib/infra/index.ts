/**
 * What is published as `inorder/cdk`: an ordered consumer and all that belongs to it, in one
 * construct.
 */
export { OrderedConsumer, type OrderedConsumerProps } from "./constructs/ordered-consumer.ts";
export { OrderedQueue, type OrderedQueueProps } from "./constructs/ordered-queue.ts";
export { HEAD_INDEX } from "./constructs/service-table.ts";
export type {
  ConsumerLimits,
  ConsumerThresholds,
  FunctionSize,
  QueueLimits,
} from "./constructs/consumer-limits.ts";
export type { Watch } from "./constructs/alarms.ts";
