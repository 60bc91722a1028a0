/**
 * Deploys all stacks of a stage with the ordinary `cdk deploy`, for `npm start` and the integration
 * tests. What it adds: it bootstraps where that has not been done, tells how far it is, and never
 * reaches a real account by accident.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { OUTPUTS, type OutputName, type StageName } from "#contracts/outputs";
import { progressReader, type ProgressReader, type Tell } from "./deploy-progress.ts";
import { runCdk } from "./run-cdk.ts";
import { type Target, targetEnvironment } from "./target.ts";

export type DeployRequest = Target & {
  /** prod is deployed by `npm run deploy` alone. */
  readonly stage: Exclude<StageName, "prod">;
  /** A further deployment beside the ordinary one; lower-case letters and digits. */
  readonly qualifier?: string;
  /**
   * Other files for some functions, relative to the project: `{ "orders/consume":
   * "test/support/..." }`.
   */
  readonly entries?: Readonly<Record<string, string>>;
  readonly onProgress?: Tell;
  /** For every run of the tool. Default 5 minutes, 30 on AWS. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
};

export type Outputs = Readonly<Record<OutputName, string>>;

const ROOT = join(import.meta.dirname, "..", "..");
const BUILD = join(ROOT, ".build");
const MINUTE = 60_000;
const BOOTSTRAP_STACK = "CDKToolkit";

/**
 * Deploys, and deploys again without changing anything when nothing has changed.
 *
 * @throws Error when no target is named, when the tool fails, or when an output is missing
 */
export async function deploy(request: DeployRequest): Promise<Outputs> {
  const environment = targetEnvironment(request);
  const progress = progressReader(request.onProgress);
  mkdirSync(BUILD, { recursive: true });
  // A folder of its own: another deployment may be made from this checkout at the same time.
  const assembly = mkdtempSync(join(BUILD, `${request.stage}-`));
  const outputsFile = join(assembly, "outputs.json");
  const cdk: Cdk = (args, onLine, more = {}) =>
    runCdk({
      args,
      root: ROOT,
      folder: more.folder,
      environment: { ...environment, ...more.environment },
      limitMs: request.limitMs ?? (request.target === "aws" ? 30 : 5) * MINUTE,
      signal: request.signal,
      onLine,
    });

  try {
    progress.synthesising();
    await synthesiseAndBootstrap(request, { environment, assembly, cdk, progress });
    progress.deploying(assembly);
    await cdk(
      [
        "deploy",
        "--all",
        "--app",
        assembly,
        "--require-approval=never",
        "--outputs-file",
        outputsFile,
        "--progress=events",
        // Without a change set: nobody is there to look at it.
        ...(request.target === "aws" ? [] : ["--method=direct"]),
      ],
      (line) => progress.deployLine(line),
    );
    progress.finished();
    return readOutputs(outputsFile);
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

type Cdk = (
  args: readonly string[],
  onLine?: (line: string) => void,
  more?: { readonly environment?: Readonly<Record<string, string>>; readonly folder?: string },
) => Promise<void>;

type Tools = {
  readonly environment: Readonly<Record<string, string>>;
  readonly assembly: string;
  readonly cdk: Cdk;
  readonly progress: ProgressReader;
};

/** Both at once where the account is known: neither needs the other. */
async function synthesiseAndBootstrap(request: DeployRequest, tools: Tools): Promise<void> {
  const { environment, cdk, progress, assembly } = tools;
  const missing = !(await isBootstrapped(environment));
  const account = environment["CDK_DEFAULT_ACCOUNT"] ?? "";
  const region = environment["CDK_DEFAULT_REGION"] ?? "";
  // Beside cdk.json the tool would make the templates once more, only to find out where to
  // bootstrap.
  const bootstrap = (...args: readonly string[]) =>
    cdk(["bootstrap", "--no-notices", ...args], (line) => progress.bootstrapLine(line), {
      folder: BUILD,
    });
  const beside = missing && account !== "" && region !== "";
  await together(
    synthesise(request, tools),
    beside ? bootstrap(`aws://${account}/${region}`) : Promise.resolve(),
  );
  if (missing && !beside) await bootstrap("--app", assembly);
}

/** Waits for both, so that none goes on behind an error of the other. */
async function together(...work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function synthesise(request: DeployRequest, { assembly, cdk }: Tools): Promise<void> {
  const { stage, qualifier, entries } = request;
  const context = [
    ["stage", stage],
    ...(qualifier === undefined ? [] : [["qualifier", qualifier]]),
    ...(entries === undefined ? [] : [["entries", JSON.stringify(entries)]]),
  ];
  return cdk(
    [
      "synth",
      "--quiet",
      "--output",
      assembly,
      ...context.flatMap(([key = "", value = ""]) => ["--context", `${key}=${value}`]),
    ],
    undefined,
    // The rules of cdk-nag and CloudFormation are checked by the infra tests and by every
    // deployment to AWS.
    request.target === "aws" ? {} : { environment: { CDK_VALIDATION: "false" } },
  );
}

async function isBootstrapped(environment: Readonly<Record<string, string>>): Promise<boolean> {
  const client = new CloudFormationClient(connection(environment));
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: BOOTSTRAP_STACK }));
    return (
      Stacks?.some(({ StackStatus }) => /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus ?? "")) ??
      false
    );
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError") return false;
    throw error;
  } finally {
    client.destroy();
  }
}

/**
 * For an endpoint everything is given; on AWS the SDK finds region and credentials as every client
 * of AWS does.
 */
function connection(environment: Readonly<Record<string, string>>) {
  const endpoint = environment["AWS_ENDPOINT_URL"] ?? "";
  if (endpoint === "") return {};
  return {
    endpoint,
    region: environment["AWS_REGION"] ?? "us-east-1",
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  };
}

function readOutputs(file: string): Outputs {
  const byStack = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as StackOutputs) : {};
  const all = Object.assign({}, ...Object.values(byStack)) as Record<string, string>;
  const missing = Object.values(OUTPUTS).filter((name) => all[name] === undefined);
  if (missing.length > 0) {
    throw new Error(`The deployed stacks answered no ${missing.join(", ")}.`);
  }
  return Object.fromEntries(Object.values(OUTPUTS).map((name) => [name, all[name]])) as Outputs;
}

type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;
