/**
 * A function behind a queue that needs no order of its own making: what it answers as not durable
 * comes again, and in the end goes to the queue's dead letters, which an alarm watches.
 */
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Watch } from "./alarms.ts";
import { inFlightWatch } from "./in-flight-watch.ts";
import { functionErrors, messagesVisible } from "./metrics.ts";
import { mapQueue, type QueueMappingProps, receivesFrom } from "./queue-mapping.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";

/**
 * A message that has to wait comes again after half a minute.
 * Source: "Using Lambda with Amazon SQS": hidden six times as long as the function may run.
 */
export const WORKER_LIMITS = { timeoutSeconds: 5, visibilityTimeoutSeconds: 30 } as const;

export type QueueWorkerProps = Omit<ServiceFunctionProps, "timeoutSeconds"> &
  Omit<QueueMappingProps, "queue" | "worker"> & {
    /** In front of its alarms' names. */
    readonly workerName: string;
    readonly source: { readonly queue: Queue; readonly deadLetterQueue: Queue };
  };

export class QueueWorker extends Construct {
  readonly worker: ServiceFunction;
  readonly watches: readonly Watch[];

  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    const { source, workerName } = props;
    this.worker = new ServiceFunction(this, "Worker", {
      ...props,
      timeoutSeconds: WORKER_LIMITS.timeoutSeconds,
      needs: [receivesFrom(source.queue), ...props.needs],
    });
    mapQueue(this, { ...props, queue: source.queue, worker: this.worker });
    this.watches = [
      {
        name: `${workerName}-dead-letters`,
        description: "Messages were given up. Remove the cause, then move them back.",
        metric: messagesVisible(source.deadLetterQueue),
        threshold: 1,
        critical: true,
      },
      inFlightWatch(workerName, source.queue),
      {
        name: `${workerName}-errors`,
        description: "The function crashes or runs out of time; its batches come again.",
        metric: functionErrors(this.worker.lambda),
        threshold: 1,
        minutes: 3,
      },
    ];
  }
}
