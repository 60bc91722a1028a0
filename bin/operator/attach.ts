/**
 * How a command finds a system that is already up: the endpoint that the environment names, the
 * main job that runs in this checkout, or, asked for in so many words, an AWS account.
 */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { deployedOf, type StageName } from "#contracts/outputs";
import { clientEnvironment } from "../../local-cloud/environment.ts";
import type { AccountStage } from "./account-stage.ts";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import { chooseTarget } from "./main-target.ts";
import { findRunning, type Running } from "./running.ts";
import { UsageError } from "./start-options.ts";
import type { Target } from "./target.ts";

export type Attached = {
  readonly target: Target;
  /** For a person. */
  readonly name: string;
  readonly outputs: Outputs;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `UsageError` when there is nothing to attach to, or it holds no such stacks. */
export async function attach(
  account: AccountStage | undefined,
  environment: Environment,
  running: Running | undefined = findRunning(),
): Promise<Attached> {
  const { target, name } = locate(account, environment, running);
  return { target, name, outputs: await outputsOf(target, account ?? "local") };
}

/** Throws `UsageError`. */
export function locate(
  account: AccountStage | undefined,
  environment: Environment,
  running: Running | undefined,
): Pick<Attached, "target" | "name"> {
  const target = account === undefined ? undefined : "aws";
  const choice = chooseTarget({ target, port: undefined }, environment);
  switch (choice.kind) {
    case "aws":
      return {
        target: { environment: choice.environment, target: "aws" },
        name: `stage ${account} of the AWS account of your credentials (--target)`,
      };
    case "endpoint":
      return { target: { environment: clientEnvironment(choice.endpoint) }, name: choice.endpoint };
    case "own":
      if (running === undefined) {
        throw new UsageError(
          "Nothing to work on: start `npm start` in another terminal, set AWS_ENDPOINT_URL, or " +
            "pass --target aws.",
        );
      }
      return {
        target: { environment: clientEnvironment(running.endpoint) },
        name: `the running npm start (${running.endpoint})`,
      };
    default:
      return choice satisfies never;
  }
}

/** Those of the simulated provider only where there is one: no operator's command needs them. */
async function outputsOf(target: Target, stage: StageName): Promise<Outputs> {
  const { stacks, outputs } = deployedOf(stage);
  const client = new CloudFormationClient({ ...connection(target), maxAttempts: 5 });
  const found = new Map<string, string>();
  for (const StackName of stacks) {
    const { Stacks = [] } = await client
      .send(new DescribeStacksCommand({ StackName }))
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new UsageError(`The stack ${StackName} was not found: ${why}`, { cause: error });
      });
    for (const { OutputKey = "", OutputValue = "" } of Stacks[0]?.Outputs ?? []) {
      found.set(OutputKey, OutputValue);
    }
  }
  const missing = outputs.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new UsageError(
      `The deployed stacks have no output ${missing.join(", ")}: they are of another version; ` +
        "deploy this one.",
    );
  }
  return Object.fromEntries(found) as Outputs;
}
