/**
 * The simulated provider's webhooks: a reader of its table's change stream. As real providers do,
 * it gives up after a while; whoever needs to know asks.
 */
import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { readsStream, requireStream } from "./need.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";

export type ProviderWebhooksProps = ServiceFunctionProps & {
  /** With both images in its change stream. */
  readonly table: Pick<TableV2, "tableStreamArn">;
};

export class ProviderWebhooks extends Construct {
  constructor(scope: Construct, id: string, props: ProviderWebhooksProps) {
    super(scope, id);
    const stream = requireStream(props.table, this.node.path);
    const sender = new ServiceFunction(this, "Sender", {
      ...props,
      needs: [readsStream(stream), ...props.needs],
    });
    const mapping = new EventSourceMapping(this, "Mapping", {
      target: sender.lambda,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      filters: [
        FilterCriteria.filter({
          eventName: ["INSERT", "MODIFY"],
          dynamodb: { Keys: { sk: { S: ["charge"] } } },
        }),
      ],
      reportBatchItemFailures: true,
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
    });
    mapping.node.addDependency(sender.role);
  }
}
