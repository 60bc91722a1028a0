/**
 * A function that reads each version of a table's items, gathered for a while so that a burst is
 * one call. It is called one batch after another, until each went well or is a day old:
 * for work that a later run makes good.
 */
import { Duration } from "aws-cdk-lib";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { readsStream, requireStream, type StreamedTable } from "./need.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";
import { VERSIONED } from "./stream-patterns.ts";

export type StreamReaderProps = ServiceFunctionProps & {
  /** Its items have a `version`; it has a change stream with new images. */
  readonly table: StreamedTable;
  readonly gatherSeconds: number;
  readonly changesMax: number;
};

export class StreamReader extends Construct {
  readonly reader: ServiceFunction;

  constructor(scope: Construct, id: string, props: StreamReaderProps) {
    super(scope, id);
    const streamArn = requireStream(props.table, this.node.path);
    const needs = [readsStream(streamArn), ...props.needs];
    this.reader = new ServiceFunction(this, "Reader", { ...props, needs });
    const mapping = new EventSourceMapping(this, "Mapping", {
      target: this.reader.lambda,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.changesMax,
      maxBatchingWindow: Duration.seconds(props.gatherSeconds),
      parallelizationFactor: 1,
      filters: [FilterCriteria.filter(VERSIONED)],
      reportBatchItemFailures: true,
    });
    mapping.node.addDependency(this.reader.role);
  }
}
