/**
 * The cache that a stage's sandboxes may share, and how it hears of changes. None is made here: its
 * size, its network and its price are its owner's to decide.
 */
import { CfnParameter, Duration, type Stack } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import type { ProductEventType } from "#contracts/events/product-events";
import type { Stage } from "../config/stage.ts";
import type { FunctionSize } from "../constructs/consumer-limits.ts";
import type { SharedCache } from "../constructs/need.ts";
import { ServiceFunction, type ServiceFunctionProps } from "../constructs/service-function.ts";
import { type ApplicationFunction, functionId } from "../functions.ts";
import type { DataStack } from "./data.ts";

/** Undefined where each sandbox has copies of its own only. */
export function sharedCache(stack: Stack, { cache }: Stage): SharedCache | undefined {
  if (cache.shared === "none") return undefined;
  const secret = new CfnParameter(stack, "CacheSecretArn", {
    type: "String",
    description: "ARN of the secret with the cache's address: rediss://user:password@host:port",
    allowedPattern: "^arn:[^\\s]+:secret:[^\\s]+$",
  });
  const subnets = new CfnParameter(stack, "CacheSubnets", {
    type: "List<AWS::EC2::Subnet::Id>",
    description: "Subnets that the cache, DynamoDB, KMS and Secrets Manager are reached from",
  });
  const groups = new CfnParameter(stack, "CacheSecurityGroups", {
    type: "List<AWS::EC2::SecurityGroup::Id>",
    description: "Security groups of the functions that use the cache",
  });
  return {
    secretArn: secret.valueAsString,
    network: { subnetIds: subnets.valueAsList, securityGroupIds: groups.valueAsList },
  };
}

export type OutdatingRequest = {
  readonly data: Pick<DataStack, "bus">;
  readonly stage: Stage;
  /** Code, rights and the like of a function. */
  readonly made: (
    name: ApplicationFunction,
    description: string,
  ) => Omit<ServiceFunctionProps, keyof FunctionSize>;
};

const CHANGED: ProductEventType = "product.changed";

/** By the bus, which keeps no order: the copies' versions do. */
export function outdating(scope: Construct, { data, stage, made }: OutdatingRequest): void {
  const name = "products/outdate-copies";
  const { lambda } = new ServiceFunction(scope, functionId(name), {
    ...stage.operator,
    ...made(name, "Ends shared copies of products that have changed"),
  });
  // After that the copies that it would end have ended.
  const maxEventAge = Duration.seconds(stage.cache.sharedFreshSeconds);
  lambda.configureAsyncInvoke({ maxEventAge, retryAttempts: 2 });
  new Rule(scope, "ChangesOfCopies", {
    description: "Ends shared copies of products that have changed",
    eventBus: data.bus,
    eventPattern: { detailType: [CHANGED] },
    targets: [new LambdaFunction(lambda, { maxEventAge, retryAttempts: 2 })],
  });
}
