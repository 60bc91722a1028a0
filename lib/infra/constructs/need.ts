/**
 * What a function needs, as one value: the environment that names a resource and the permissions
 * that go with it, so that neither is given without the other and nothing is granted that is not
 * written down.
 */
import type { ITableV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { EnvKey } from "#contracts/env";
import { Failure } from "#kernel/failure";

// Only what is used of each, so that imported resources and those of tests do as well.
export type Table = Pick<ITableV2, "tableName" | "tableArn">;
export type StreamedTable = Pick<TableV2, "tableStreamArn">;
type Queue = Pick<IQueue, "queueUrl" | "queueArn">;
type Bus = Pick<IEventBus, "eventBusName" | "eventBusArn">;
type Secret = Pick<ISecret, "secretArn">;
type Bucket = Pick<IBucket, "bucketName" | "bucketArn">;
type SigningKey = Pick<IKey, "keyId" | "keyArn">;

export type Permission = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Lambda itself may use it, with the function's role; the function's own code may not. */
  readonly isOfLambda?: true;
  /** Of items: only those with this partition key. */
  readonly partition?: string;
};

export type Need = {
  /** A function of ours is told only what `EnvKey` names; those of others what they like. */
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  /** Where it can be reached from; at most one for a function. */
  readonly network?: Network;
};

/** Of somebody's VPC: what a function in it asks for elsewhere has to be reachable from there. */
export type Network = {
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
};

export type TableAction =
  | "BatchGetItem"
  | "BatchWriteItem"
  | "DeleteItem"
  | "GetItem"
  | "PutItem"
  | "Query"
  | "Scan"
  | "UpdateItem";

/** A transaction needs the actions of its parts; there is no action of its own. */
export function usesTable(key: EnvKey, table: Table, ...actions: readonly TableAction[]): Need {
  return {
    environment: { [key]: table.tableName },
    permissions: [{ actions: actions.map(dynamodb), resources: [table.tableArn] }],
  };
}

/** Reads items of one partition key, and no other. */
export function readsPartition(key: EnvKey, table: Table, partition: string): Need {
  return {
    environment: { [key]: table.tableName },
    permissions: [{ actions: [dynamodb("GetItem")], resources: [table.tableArn], partition }],
  };
}

/** Queries of one index, without a right to the table itself. */
export function queriesIndex(key: EnvKey, table: Table, index: string): Need {
  return {
    environment: { [key]: table.tableName },
    permissions: [
      { actions: [dynamodb("Query")], resources: [`${table.tableArn}/index/${index}`] },
    ],
  };
}

/** Errors: `misconfigured` (reject) for a table without one. @param path of who reads it */
export function requireStream(table: StreamedTable, path: string): string {
  if (table.tableStreamArn !== undefined) return table.tableStreamArn;
  throw new Failure(
    "misconfigured",
    "reject",
    `${path} reads a table without a change stream; give the table one with new images.`,
  );
}

/** What a mapping of a table's change stream does with the function's own role. */
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

/** An ordered consumer's heads, and what stands beside them: parked bodies and audit records. */
export const keepsHeads = (key: EnvKey, table: Table): Need =>
  usesTable(key, table, "GetItem", "BatchGetItem", "PutItem", "DeleteItem");

/** Answers under an Idempotency-Key: claimed, completed, released. */
export const keepsAnswers = (table: Table): Need =>
  usesTable("IDEMPOTENCY_TABLE", table, "UpdateItem", "DeleteItem", "GetItem");

export function sendsTo(key: EnvKey, queue: Queue): Need {
  return {
    environment: { [key]: queue.queueUrl },
    permissions: [{ actions: ["sqs:SendMessage"], resources: [queue.queueArn] }],
  };
}

export function publishesOn(bus: Bus): Need {
  return {
    environment: { EVENT_BUS_NAME: bus.eventBusName },
    permissions: [{ actions: ["events:PutEvents"], resources: [bus.eventBusArn] }],
  };
}

/**
 * Without the right to list, S3 says of an object that is not there that it is forbidden; so both
 * come together.
 */
export function readsObject(key: EnvKey, bucket: Bucket, object: string): Need {
  return {
    environment: { [key]: bucket.bucketName },
    permissions: [
      { actions: ["s3:GetObject"], resources: [`${bucket.bucketArn}/${object}`] },
      { actions: ["s3:ListBucket"], resources: [bucket.bucketArn] },
    ],
  };
}

/** Reads it and replaces it. */
export function replacesObject(key: EnvKey, bucket: Bucket, object: string): Need {
  return both(readsObject(key, bucket, object), {
    environment: {},
    permissions: [{ actions: ["s3:PutObject"], resources: [`${bucket.bucketArn}/${object}`] }],
  });
}

export type SearchDomain = {
  /** https, without a trailing slash. */
  readonly address: string;
  readonly arn: string;
  readonly region: string;
};

/** Asks an OpenSearch domain, and writes to it. */
export const usesSearchDomain = ({ address, arn, region }: SearchDomain): Need => ({
  environment: { OPENSEARCH_URL: address, OPENSEARCH_REGION: region },
  permissions: [
    { actions: ["es:ESHttpPost"], resources: [`${arn}/products/_search`, `${arn}/_bulk`] },
    { actions: ["es:ESHttpPut"], resources: [`${arn}/products`] },
  ],
});

export type SharedCache = {
  /** Of the secret that is the cache's address: `rediss://user:password@host:port`. */
  readonly secretArn: string;
  readonly network: Network;
};

/**
 * Talks to a cache in a VPC, where Lambda makes the function's network interfaces with its role.
 * Source: "Giving Lambda functions access to resources in an Amazon VPC", execution role and its
 * security.
 */
export const usesSharedCache = ({ secretArn, network }: SharedCache): Need => ({
  environment: { CACHE_SECRET_ARN: secretArn },
  permissions: [
    { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
    { actions: [...NETWORK_ACTIONS], resources: ["*"], isOfLambda: true },
  ],
  network,
});

const NETWORK_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
] as const;

/** The secret's value is read at run time; the environment holds only its name. */
export function readsSecret(key: EnvKey, secret: Secret): Need {
  return {
    environment: { [key]: secret.secretArn },
    permissions: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret.secretArn] }],
  };
}

export type TokenKeys = {
  /** The first one signs. */
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  readonly issuer: string;
  readonly audience: string;
};

export function readsTokenKeys({ keys }: TokenKeys): Need {
  return {
    environment: { TOKEN_KEY_IDS: keys.map((key) => key.keyId).join(",") },
    permissions: [{ actions: ["kms:GetPublicKey"], resources: keys.map((key) => key.keyArn) }],
  };
}

export function verifiesTokens(tokens: TokenKeys): Need {
  return both(readsTokenKeys(tokens), {
    environment: { TOKEN_ISSUER: tokens.issuer, TOKEN_AUDIENCE: tokens.audience },
    permissions: [],
  });
}

export function signsTokens(tokens: TokenKeys): Need {
  return both(verifiesTokens(tokens), {
    environment: {},
    permissions: [{ actions: ["kms:Sign"], resources: [tokens.keys[0].keyArn] }],
  });
}

export type StartedSaga = {
  readonly key: "SAGA_ARN" | "REFUND_ARN";
  readonly machineArn: string;
  readonly executionsArn: string;
};

/**
 * Starting a run, and looking at one of that name; its name has the order's id, so no single ARN
 * can be named.
 */
export function startsSaga({ key, machineArn, executionsArn }: StartedSaga): Need {
  return {
    environment: { [key]: machineArn },
    permissions: [
      { actions: ["states:StartExecution"], resources: [machineArn] },
      { actions: ["states:DescribeExecution"], resources: [executionsArn] },
    ],
  };
}

/** Ends what a run of it waits for. */
export const callsBack = (machineArn: string): Need => ({
  environment: {},
  permissions: [{ actions: ["states:SendTaskSuccess"], resources: [machineArn] }],
});

export function knows(key: EnvKey, value: string): Need {
  return { environment: { [key]: value }, permissions: [] };
}

/** Errors: `misconfigured` (reject) for two values of one variable. @param path of who needs it */
export function environmentOf(path: string, needs: readonly Need[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [key, value] of needs.flatMap((need) => Object.entries(need.environment))) {
    const present = environment[key];
    if (present !== undefined && present !== value) {
      throw new Failure(
        "misconfigured",
        "reject",
        `${path} is told two values for ${key}: "${present}" and "${value}"; ` +
          "keep one of the needs.",
      );
    }
    environment[key] = value;
  }
  return environment;
}

const both = (one: Need, other: Need): Need => ({
  environment: { ...one.environment, ...other.environment },
  permissions: [...one.permissions, ...other.permissions],
});

const dynamodb = (action: TableAction): string => `dynamodb:${action}`;
