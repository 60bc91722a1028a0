/**
 * The table of an event-sourced service: one partition per stream, one item per commit, and a
 * change stream that is the outbox. Its one reader is `outbox-relay.ts`.
 */
import { Construct } from "constructs";
import { StreamViewType, type TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { ServiceTable, type ServiceTableProps } from "./service-table.ts";

export type EventStoreProps = Omit<ServiceTableProps, "partitionKey" | "sortKey" | "changes">;

export class EventStore extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: EventStoreProps) {
    super(scope, id);
    this.table = new ServiceTable(this, "Events", {
      ...props,
      partitionKey: "pk",
      sortKey: "sk",
      changes: StreamViewType.NEW_IMAGE,
    }).table;
  }
}
