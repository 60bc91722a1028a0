/**
 * Where answers to requests with an `Idempotency-Key` are kept: a record per key, in the layout of
 * Powertools' idempotency. A record's life is compared in every condition; DynamoDB deletes what is
 * over when it comes to it.
 */
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { ServiceTable, type ServiceTableProps } from "./service-table.ts";

export type IdempotencyTableProps = Pick<ServiceTableProps, "features">;

export class IdempotencyTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { features }: IdempotencyTableProps) {
    super(scope, id);
    this.table = new ServiceTable(this, "Records", {
      partitionKey: "id",
      expiry: "expiration",
      features,
    }).table;
  }
}
