/**
 * A saga as a Standard state machine from an ASL file: exactly the functions that the file names,
 * and the right to invoke those and nothing else.
 */
import { readFileSync } from "node:fs";
import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { Failure } from "#kernel/failure";
import { acknowledge } from "./acknowledge.ts";

export type SagaProps = {
  /** Absolute path of the ASL; a function stands in it as `${Placeholder}`. */
  readonly definitionFile: string;
  /** By placeholder. */
  readonly tasks: Readonly<Record<string, IFunction>>;
  /** Physical name. */
  readonly name: string;
  readonly logRetention: RetentionDays;
};

export class Saga extends Construct {
  readonly machine: StateMachine;

  /** Errors: `misconfigured` (reject) unless the file's placeholders and the tasks are the same. */
  constructor(scope: Construct, id: string, props: SagaProps) {
    super(scope, id);
    const definition = readFileSync(props.definitionFile, "utf8");
    checkPlaceholders(props.definitionFile, definition, Object.keys(props.tasks));
    const tasks = Object.entries(props.tasks);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com"),
      description: `Runs ${this.node.path}`,
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ["lambda:InvokeFunction"],
        resources: tasks.map(([, task]) => task.functionArn),
      }),
    );
    this.machine = new StateMachine(this, "Machine", {
      stateMachineName: props.name,
      stateMachineType: StateMachineType.STANDARD,
      // The text itself and not a file in S3: so it is part of the template that is reviewed and
      // tested.
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(
        tasks.map(([placeholder, task]) => [placeholder, task.functionArn]),
      ),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, "Logs", {
          // The prefix keeps the account's one resource policy for log delivery from outgrowing its
          // limit.
          logGroupName: `/aws/vendedlogs/states/${props.name}`,
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // Ids travel, not carts; still, what a failing task says may name a person.
        includeExecutionData: false,
      },
    });
    acknowledge(role, {
      "AwsSolutions-IAM5[Resource::*]":
        "X-Ray and the delivery of vended logs have no resources: their actions take only *.",
    });
  }
}

/** By its physical name, for a function that the machine calls: neither can be made first. */
export const machineArn = (scope: Construct, name: string): string =>
  statesArn(scope, "stateMachine", name);

/** Of every run of the machine, whatever its name. */
export const executionsArn = (scope: Construct, name: string): string =>
  statesArn(scope, "execution", `${name}:*`);

/** The same as cdk-nag writes it. */
export const executionsPattern = (name: string): string =>
  `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}:*`;

const statesArn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({
    service: "states",
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** Every `${Name}` in the file, once each. */
export function placeholdersOf(definition: string): readonly string[] {
  const found = definition.matchAll(/\$\{([A-Za-z0-9]+)\}/g);
  return [...new Set([...found].map(([, name = ""]) => name))].toSorted();
}

function checkPlaceholders(file: string, definition: string, given: readonly string[]): void {
  const wanted = placeholdersOf(definition);
  const missing = wanted.filter((name) => !given.includes(name));
  const unused = given.filter((name) => !wanted.includes(name));
  if (missing.length === 0 && unused.length === 0) return;
  throw new Failure(
    "misconfigured",
    "reject",
    `${file} and its stack differ: placeholders without a function: ${listed(missing)}; ` +
      `functions without a placeholder: ${listed(unused)}.`,
  );
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? "none" : names.join(", ");
