/**
 * The one reader of the change streams of an event store and of the tables with the heads of its
 * readers, whose violations are published. A record that cannot be forwarded blocks its shard, so
 * retries are bounded, a bad batch is split, and what is given up is named in a queue that an alarm
 * watches.
 */
import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ITEM_PREFIXES } from "#contracts/item-prefixes";
import { Failure } from "#kernel/failure";
import type { RelayLimits } from "../config/stage.ts";
import type { Need } from "./need.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";

export type OutboxRelayProps = Omit<ServiceFunctionProps, "memoryMb" | "timeoutSeconds"> & {
  readonly limits: RelayLimits;
  /** The event store; like all of them it has a change stream with new images. */
  readonly table: StreamedTable;
  /** Other tables with heads. */
  readonly headTables: readonly StreamedTable[];
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
    const { limits, givenUp } = props;
    const events = requireStream(props.table, this.node.path);
    const heads = props.headTables.map((table) => requireStream(table, this.node.path));
    this.relay = new ServiceFunction(this, "Relay", {
      ...props,
      memoryMb: limits.memoryMb,
      timeoutSeconds: limits.timeoutSeconds,
      needs: [...[events, ...heads].map(readsStream), givesUpTo(givenUp), ...props.needs],
    });
    this.read("Mapping", events, [ITEM_PREFIXES.commit, ITEM_PREFIXES.audit], props);
    for (const [index, stream] of heads.entries()) {
      this.read(`Heads${index + 1}`, stream, [ITEM_PREFIXES.audit], props);
    }
  }

  /** @param prefixes of the sort keys that are looked at; everything else costs no invocation. */
  private read(
    id: string,
    streamArn: string,
    prefixes: readonly string[],
    { limits, givenUp }: OutboxRelayProps,
  ): void {
    const mapping = new EventSourceMapping(this, id, {
      target: this.relay.lambda,
      eventSourceArn: streamArn,
      // From the first record there is: a mapping made after the first order must not lose it.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: limits.batchSize,
      parallelizationFactor: limits.parallelization,
      // Both are only ever inserted; heads that change and items that expire are not events.
      filters: [
        FilterCriteria.filter({
          eventName: ["INSERT"],
          dynamodb: { Keys: { sk: { S: prefixes.map((prefix) => ({ prefix })) } } },
        }),
      ],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: limits.retriesMax,
      maxRecordAge: Duration.hours(limits.recordAgeMaxHours),
      onFailure: { bind: () => ({ destination: givenUp.queueArn }) },
    });
    mapping.node.addDependency(this.relay.role);
  }
}

export function requireStream(table: StreamedTable, path: string): string {
  if (table.tableStreamArn !== undefined) return table.tableStreamArn;
  throw new Failure(
    "misconfigured",
    "reject",
    `${path} relays a table without a change stream; give the table one with new images.`,
  );
}

/** What the mapping does with the function's own role. */
export const readsStream = (streamArn: string): Need => ({
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
