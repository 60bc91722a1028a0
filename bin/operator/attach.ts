/**
 * How a command finds a system that is already up: the endpoint that the environment names, the
 * main job that runs in this checkout, or, asked for in so many words, an AWS account.
 */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { OUTPUTS, stackNames } from "#contracts/outputs";
import { clientEnvironment } from "../../local-cloud/environment.ts";
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
  target: "aws" | undefined,
  environment: Environment,
  running: Running | undefined = findRunning(),
): Promise<Attached> {
  const found = locate(target, environment, running);
  const stage = found.target.target === "aws" ? "dev" : "local";
  return { ...found, outputs: await outputsOf(found.target, stage) };
}

/** Throws `UsageError`. */
export function locate(
  target: "aws" | undefined,
  environment: Environment,
  running: Running | undefined,
): Pick<Attached, "target" | "name"> {
  const choice = chooseTarget({ target, port: undefined }, environment);
  switch (choice.kind) {
    case "aws":
      return {
        target: { environment: choice.environment, target: "aws" },
        name: "the AWS account of your credentials (--target aws)",
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

async function outputsOf(target: Target, stage: "local" | "dev"): Promise<Outputs> {
  const client = new CloudFormationClient({ ...connection(target), maxAttempts: 5 });
  const found = new Map<string, string>();
  for (const StackName of Object.values(stackNames(stage))) {
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
  const missing = Object.values(OUTPUTS).filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new UsageError(
      `The deployed stacks have no output ${missing.join(", ")}: they are of another version; ` +
        "deploy this one.",
    );
  }
  return Object.fromEntries(found) as Outputs;
}
