/**
 * What people are woken for before SQS stops delivering: too many messages in flight.
 */
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Watch } from "./alarms.ts";
import { messagesInFlight } from "./metrics.ts";

/**
 * 80 % of 120,000, above which SQS delivers nothing and says nothing: of FIFO queues, and of
 * standard ones that are long-polled, as Lambda does. Source: "Amazon SQS FIFO queue quotas" and
 * "Amazon SQS standard queue quotas", in flight messages.
 */
const IN_FLIGHT_THRESHOLD = 96_000;

/** @param name in front of the alarm's name */
export const inFlightWatch = (name: string, queue: IQueue): Watch => ({
  name: `${name}-in-flight`,
  description: `Many messages of ${name} are hidden until they are tried again. Look for why.`,
  metric: messagesInFlight(queue),
  threshold: IN_FLIGHT_THRESHOLD,
  minutes: 3,
});
