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
  ProjectionType,
  type StreamViewType,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { ATTENTION_INDEX } from "#contracts/indexes";
import type { StageFeatures } from "../config/stage.ts";

/** Keys are strings unless said; every attribute is in it. */
export type TableIndex = {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly sortsByNumber?: boolean;
};

export type ServiceTableProps = {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes?: readonly TableIndex[];
  /** Keys only: the sort key is a number, and few items have the partition key. */
  readonly sparseIndexes?: readonly TableIndex[];
  /** Ordered consumers keep heads here: an index finds those that need somebody. */
  readonly heads?: boolean;
  /** What the change stream carries; without it there is none. */
  readonly changes?: StreamViewType;
  /** An attribute in seconds since the epoch: some time after it the item is deleted. */
  readonly expiry?: string;
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
      ...(props.expiry === undefined ? {} : { timeToLiveAttribute: props.expiry }),
      globalSecondaryIndexes: [
        ...(props.indexes ?? []).map(
          ({ name, partitionKey, sortKey, sortsByNumber }): GlobalSecondaryIndexPropsV2 => ({
            indexName: name,
            partitionKey: text(partitionKey),
            sortKey: sortsByNumber === true ? number(sortKey) : text(sortKey),
          }),
        ),
        ...(props.sparseIndexes ?? []).map(sparse),
        ...(props.heads ? [HEAD_INDEX] : []),
      ],
      billing: Billing.onDemand(),
      deletionProtection,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

const number = (name: string): Attribute => ({ name, type: AttributeType.NUMBER });

/** What lacks its keys costs it nothing. */
function sparse({ name, partitionKey, sortKey }: TableIndex): GlobalSecondaryIndexPropsV2 {
  return {
    indexName: name,
    partitionKey: text(partitionKey),
    sortKey: number(sortKey),
    projectionType: ProjectionType.KEYS_ONLY,
  };
}

/** Healthy heads lack its keys, so it is nearly empty and costs them no write. */
export const HEAD_INDEX: GlobalSecondaryIndexPropsV2 = sparse(ATTENTION_INDEX);
