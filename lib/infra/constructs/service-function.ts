/**
 * One Lambda function of a service: its own bundle, role and log group, traced, and with exactly
 * the rights that its needs name.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { EnvKey } from "#contracts/env";
import { Failure } from "#kernel/failure";
import type { Bundle } from "../bundle.ts";
import type { FunctionSize } from "../config/stage.ts";
import { acknowledge } from "./acknowledge.ts";
import type { Need } from "./need.ts";

export type ServiceFunctionProps = FunctionSize & {
  readonly description: string;
  readonly bundle: Bundle;
  readonly logRetention: RetentionDays;
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
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundle.folder),
      handler: "index.handler",
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...environmentOf(this.node.path, props.needs), NODE_OPTIONS },
      role: this.role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
    });
    acknowledge(this.role, {
      "AwsSolutions-IAM5[Resource::*]": "X-Ray has no resources: its write actions take only *.",
    });
    for (const need of props.needs) this.allow(need);
  }

  private allow(need: Need): void {
    for (const { actions, resources } of need.permissions) {
      this.role.addToPolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources] }),
      );
    }
  }
}

function environmentOf(path: string, needs: readonly Need[]): Record<string, string> {
  const environment: Partial<Record<EnvKey, string>> = {};
  for (const [key, value] of needs.flatMap((need) => Object.entries(need.environment))) {
    const present = environment[key as EnvKey];
    if (present !== undefined && present !== value) {
      throw new Failure(
        "misconfigured",
        "reject",
        `${path} is told two values for ${key}: "${present}" and "${value}"; ` +
          "keep one of the needs.",
      );
    }
    environment[key as EnvKey] = value;
  }
  return environment;
}
