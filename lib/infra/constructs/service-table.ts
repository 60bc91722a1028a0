/**
 * A DynamoDB table as every service has it: on demand, keys of strings, protected as its stage
 * says.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  type StreamViewType,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import type { StageFeatures } from "../config/stage.ts";

export type ServiceTableProps = {
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** By name; both keys are strings. */
  readonly indexes?: Readonly<
    Record<string, { readonly partitionKey: string; readonly sortKey: string }>
  >;
  /** What the change stream carries; without it there is none. */
  readonly changes?: StreamViewType;
  readonly features: Pick<StageFeatures, "deletionProtection" | "pointInTimeRecovery">;
};

export class ServiceTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ServiceTableProps) {
    super(scope, id);
    const { deletionProtection, pointInTimeRecovery } = props.features;
    this.table = new TableV2(this, "Table", {
      partitionKey: text(props.partitionKey),
      ...(props.sortKey === undefined ? {} : { sortKey: text(props.sortKey) }),
      ...(props.changes === undefined ? {} : { dynamoStream: props.changes }),
      globalSecondaryIndexes: Object.entries(props.indexes ?? {}).map(
        ([indexName, keys]): GlobalSecondaryIndexPropsV2 => ({
          indexName,
          partitionKey: text(keys.partitionKey),
          sortKey: text(keys.sortKey),
        }),
      ),
      billing: Billing.onDemand(),
      deletionProtection,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
