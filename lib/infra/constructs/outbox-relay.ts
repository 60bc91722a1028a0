/**
 * The one reader of an event store's change stream. A record that cannot be forwarded blocks its
 * shard, so retries are bounded, a bad batch is split, and what is given up is named in a queue
 * that an alarm watches.
 */
import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { Failure } from "#kernel/failure";
import type { RelayLimits } from "../config/stage.ts";
import type { Need } from "./need.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";

export type OutboxRelayProps = Omit<ServiceFunctionProps, "memoryMb" | "timeoutSeconds"> & {
  readonly limits: RelayLimits;
  /** Has a change stream with new images. */
  readonly table: StreamedTable;
  /**
   * Receives where in the stream the given up records are; a standard queue, as Lambda requires.
   */
  readonly givenUp: IQueue;
};

type StreamedTable = Pick<TableV2, "tableStreamArn">;

export class OutboxRelay extends Construct {
  readonly relay: ServiceFunction;

  constructor(scope: Construct, id: string, props: OutboxRelayProps) {
    super(scope, id);
    const { limits, table, givenUp } = props;
    const streamArn = requireStream(table, this.node.path);
    this.relay = new ServiceFunction(this, "Relay", {
      ...props,
      memoryMb: limits.memoryMb,
      timeoutSeconds: limits.timeoutSeconds,
      needs: [readsStream(streamArn), givesUpTo(givenUp), ...props.needs],
    });
    const mapping = new EventSourceMapping(this, "Mapping", {
      target: this.relay.lambda,
      eventSourceArn: streamArn,
      // From the first record there is: a mapping made after the first order must not lose it.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: limits.batchSize,
      parallelizationFactor: limits.parallelization,
      // Commits are only ever inserted; heads that change and items that expire are not events.
      filters: [FilterCriteria.filter({ eventName: ["INSERT"] })],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: limits.retriesMax,
      maxRecordAge: Duration.hours(limits.recordAgeMaxHours),
      onFailure: { bind: () => ({ destination: givenUp.queueArn }) },
    });
    mapping.node.addDependency(this.relay.role);
  }
}

function requireStream(table: StreamedTable, path: string): string {
  if (table.tableStreamArn !== undefined) return table.tableStreamArn;
  throw new Failure(
    "misconfigured",
    "reject",
    `${path} relays a table without a change stream; give the table one with new images.`,
  );
}

/** What the mapping does with the function's own role. */
const readsStream = (streamArn: string): Need => ({
  environment: {},
  permissions: [
    {
      actions: [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
      ],
      resources: [streamArn],
    },
  ],
});

const givesUpTo = (queue: IQueue): Need => ({
  environment: {},
  permissions: [{ actions: ["sqs:SendMessage"], resources: [queue.queueArn] }],
});
