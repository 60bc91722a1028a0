/**
 * The one reader of the change streams of an event store, of the tables with the heads of its
 * readers, whose violations are published, and of tables whose items are events by each of their
 * versions. A record that cannot be forwarded blocks its shard, so
 * retries are bounded, a bad batch is split, and what is given up is named in a queue that an alarm
 * watches.
 */
import { Duration } from "aws-cdk-lib";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ITEM_PREFIXES } from "#contracts/item-prefixes";
import type { RelayLimits } from "../config/stage.ts";
import { acknowledgeClaimChecks, type ClaimChecks, putsClaimChecks } from "./claim-check-bucket.ts";
import { type Need, readsStream, requireStream, type StreamedTable } from "./need.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";
import { inserted, VERSIONED } from "./stream-patterns.ts";

export type OutboxRelayProps = Omit<ServiceFunctionProps, "memoryMb" | "timeoutSeconds"> & {
  readonly limits: RelayLimits;
  /** The event store; like all of them it has a change stream with new images. */
  readonly table: StreamedTable;
  /** Other tables with heads. Default: none. */
  readonly headTables?: readonly StreamedTable[];
  /** Tables whose items have a `version`: each is an event. Default: none. */
  readonly versionTables?: readonly StreamedTable[];
  /** Where the data of events goes that are too large for a queue. Default: they cannot be sent. */
  readonly claimChecks?: ClaimChecks | undefined;
  /**
   * Receives where in the stream the given up records are; a standard queue, as Lambda requires.
   */
  readonly givenUp: IQueue;
};

export class OutboxRelay extends Construct {
  readonly relay: ServiceFunction;

  constructor(scope: Construct, id: string, props: OutboxRelayProps) {
    super(scope, id);
    const { limits, givenUp } = props;
    const events = requireStream(props.table, this.node.path);
    const { headTables = [], versionTables = [] } = props;
    const heads = headTables.map((table) => requireStream(table, this.node.path));
    const versions = versionTables.map((table) => requireStream(table, this.node.path));
    this.relay = new ServiceFunction(this, "Relay", {
      ...props,
      memoryMb: limits.memoryMb,
      timeoutSeconds: limits.timeoutSeconds,
      needs: [
        ...[events, ...heads, ...versions].map(readsStream),
        givesUpTo(givenUp),
        ...(props.claimChecks === undefined ? [] : [putsClaimChecks(props.claimChecks)]),
        ...props.needs,
      ],
    });
    acknowledgeClaimChecks(this.relay.role, props.claimChecks);
    this.read("Mapping", events, inserted(ITEM_PREFIXES.commit, ITEM_PREFIXES.audit), props);
    for (const [index, stream] of heads.entries()) {
      this.read(`Heads${index + 1}`, stream, inserted(ITEM_PREFIXES.audit), props);
    }
    for (const [index, stream] of versions.entries()) {
      this.read(`Versions${index + 1}`, stream, VERSIONED, props);
    }
  }

  /** @param pattern what is looked at; everything else costs no invocation. */
  private read(
    id: string,
    streamArn: string,
    pattern: object,
    { limits, givenUp }: OutboxRelayProps,
  ): void {
    const mapping = new EventSourceMapping(this, id, {
      target: this.relay.lambda,
      eventSourceArn: streamArn,
      // From the first record there is: a mapping made after the first order must not lose it.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: limits.batchSize,
      parallelizationFactor: limits.parallelization,
      filters: [FilterCriteria.filter(pattern)],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: limits.retriesMax,
      maxRecordAge: Duration.hours(limits.recordAgeMaxHours),
      onFailure: { bind: () => ({ destination: givenUp.queueArn }) },
    });
    mapping.node.addDependency(this.relay.role);
  }
}

const givesUpTo = (queue: IQueue): Need => ({
  environment: {},
  permissions: [{ actions: ["sqs:SendMessage"], resources: [queue.queueArn] }],
});
