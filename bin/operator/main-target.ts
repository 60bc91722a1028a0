/**
 * Where the main job runs: its own local cloud, the endpoint that the environment names, or, asked
 * for in so many words, an AWS account.
 */
import { clientEnvironment } from "../../local-cloud/environment.ts";
import { type LocalCloud, startLocalCloud } from "../../local-cloud/start.ts";
import { announce } from "./running.ts";
import { type StartOptions, UsageError } from "./start-options.ts";
import type { Target } from "./target.ts";

export type MainTarget = Target & {
  /** For a person. */
  readonly name: string;
  readonly stage: "local" | "dev";
  /** Settles when the own local cloud has ended by itself; never for the others. */
  readonly ended: Promise<void>;
  /** Stops what was started for this target. May be repeated. */
  close(): Promise<void>;
};

/** What will be used; nothing is started yet. */
export type TargetChoice =
  | { readonly kind: "own"; readonly port: number | undefined }
  | { readonly kind: "endpoint"; readonly endpoint: string }
  | { readonly kind: "aws"; readonly environment: Readonly<Record<string, string>> };

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `UsageError` for options and variables that contradict each other. */
export function chooseTarget(
  { target, port }: Pick<StartOptions, "target" | "port">,
  environment: Environment,
): TargetChoice {
  const endpoint = environment["AWS_ENDPOINT_URL"] ?? "";
  if (port !== undefined && (target === "aws" || endpoint !== "")) {
    throw new UsageError("--port is for the own local cloud: leave it out with another target.");
  }
  if (target === "aws") {
    if (endpoint !== "") {
      throw new UsageError(`--target aws: unset AWS_ENDPOINT_URL, which names ${endpoint}.`);
    }
    return { kind: "aws", environment: awsSettings(environment) };
  }
  return endpoint === "" ? { kind: "own", port } : { kind: "endpoint", endpoint: local(endpoint) };
}

/** Starts what has to be started. */
export async function openTarget(choice: TargetChoice): Promise<MainTarget> {
  switch (choice.kind) {
    case "own":
      return ownCloud(
        await startLocalCloud(choice.port === undefined ? {} : { port: choice.port }),
      );
    case "endpoint":
      return {
        name: `the endpoint ${choice.endpoint} (AWS_ENDPOINT_URL)`,
        stage: "local",
        environment: clientEnvironment(choice.endpoint),
        ...notOurs,
      };
    case "aws":
      return {
        name: "the AWS account of your credentials (--target aws)",
        stage: "dev",
        target: "aws",
        environment: choice.environment,
        ...notOurs,
      };
    default:
      return choice satisfies never;
  }
}

const notOurs = { ended: new Promise<void>(() => undefined), close: async () => undefined };

function ownCloud(cloud: LocalCloud): MainTarget {
  const withdraw = announce(cloud.endpoint);
  return {
    name: `its own local cloud at ${cloud.endpoint}`,
    stage: "local",
    environment: cloud.environment,
    ended: cloud.ended.then(() => {
      throw new Error(`The local cloud ended by itself; see its log: ${cloud.logFile}`);
    }),
    close: () => {
      withdraw();
      return cloud.stop();
    },
  };
}

/** A real account is reached by --target aws alone, whatever a variable says. */
function local(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`AWS_ENDPOINT_URL must be like http://localhost:4566, got "${endpoint}".`);
  }
  if (/(^|\.)(amazonaws\.com(\.cn)?|api\.aws|aws\.dev)$/.test(url.hostname)) {
    throw new UsageError(
      `AWS_ENDPOINT_URL names a real account (${url.hostname}): unset it and pass --target aws.`,
    );
  }
  return endpoint.replace(/\/+$/, "");
}

function awsSettings(environment: Environment): Readonly<Record<string, string>> {
  const region = environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "";
  if (region === "") throw new UsageError("--target aws: set AWS_REGION to the region to use.");
  return { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
