/**
 * One Lambda function of a service: its own bundle, role and log group, traced, and with exactly
 * the rights that its needs name.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  CfnFunction,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { FunctionSize } from "./consumer-limits.ts";
import { environmentOf, type Need, type Network } from "./need.ts";

/**
 * Only what a function's code asks bears the key, and nothing that Lambda asks with the same role.
 * Source: "Using source function ARN to control function access behavior", AWS Lambda Developer
 * Guide. Not the ARN itself: a function is made after its role's policy.
 */
const BY_CODE = { Null: { "lambda:SourceFunctionArn": "false" } };

/**
 * Source: "Using IAM policy conditions for fine-grained access control", Amazon DynamoDB Developer
 * Guide.
 */
const ofPartition = (key: string) => ({
  "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [key] },
});

export type ServiceFunctionProps = FunctionSize & {
  readonly description: string;
  readonly code: Code;
  /** Default: the export `handler` of its `index.js`. */
  readonly handler?: string;
  /** Default: Node.js 24. */
  readonly runtime?: Runtime;
  /** Default: ARM. */
  readonly architecture?: Architecture;
  readonly logRetention: RetentionDays;
  /** Default: it shares what nobody has reserved. */
  readonly reservedConcurrency?: number | undefined;
  readonly needs: readonly Need[];
};

/**
 * Lambda's own switches: stacks in our files, and no warning about a call inside a package of ours.
 */
const NODE_OPTIONS = "--enable-source-maps --disable-warning=DEP0169";

export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const logs = new LogGroup(this, "Logs", {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `Runs ${this.node.path}`,
      inlinePolicies: {
        logs: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
              resources: [logs.logGroupArn],
            }),
          ],
        }),
      },
    });
    this.lambda = new LambdaFunction(this, "Function", {
      description: props.description,
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      code: props.code,
      handler: props.handler ?? "index.handler",
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      environment: { NODE_OPTIONS, ...environmentOf(this.node.path, props.needs) },
      role: this.role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
    });
    acknowledge(this.role, {
      "AwsSolutions-IAM5[Resource::*]":
        "X-Ray and a function's network interfaces: their actions take only *.",
    });
    for (const need of props.needs) this.allow(need);
    this.enter(props.needs.find(({ network }) => network !== undefined)?.network);
  }

  /** Its subnets are known by their names only, which the CDK's own class does not take. */
  private enter(network: Network | undefined): void {
    if (network === undefined) return;
    const { defaultChild } = this.lambda.node;
    if (defaultChild instanceof CfnFunction) defaultChild.vpcConfig = network;
    // Lambda makes the interfaces while the function is made.
    this.lambda.node.addDependency(this.role);
  }

  private allow(need: Need): void {
    for (const { actions, resources, isOfLambda, partition } of need.permissions) {
      const all = {
        actions: [...actions],
        resources: [...resources],
        ...(partition === undefined ? {} : { conditions: ofPartition(partition) }),
      };
      this.role.addToPolicy(new PolicyStatement(all));
      if (isOfLambda !== true) continue;
      const denied = { ...all, effect: Effect.DENY, conditions: BY_CODE };
      this.role.addToPolicy(new PolicyStatement(denied));
    }
  }
}
