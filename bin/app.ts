/**
 * The CDK app, run by `cdk` (cdk.json). It reads the context (`-c stage=dev`) and the endpoint, and
 * knows nothing else.
 */
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { stageNamed } from "#infra/config/stages";
import { addStacks } from "#infra/synthesis";
import { Failure, isFailure } from "#kernel/failure";

const DEFAULT_STAGE = "dev";

try {
  synthesise();
} catch (error) {
  if (!isFailure(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function synthesise(): void {
  const app = new App();
  const endpoint = process.env["AWS_ENDPOINT_URL"] || undefined;
  const qualifier = contextText(app, "qualifier");
  const entries = contextEntries(app);
  addStacks(app, {
    stage: stageNamed(contextText(app, "stage") ?? DEFAULT_STAGE),
    root: join(import.meta.dirname, ".."),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(entries === undefined ? {} : { entries }),
  });
  // The same switch with which the CDK leaves out its own rules.
  if (process.env["CDK_VALIDATION"] !== "false") {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  }
  app.synth();
}

function contextText(app: App, key: string): string | undefined {
  const value: unknown = app.node.tryGetContext(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `-c entries={"orders/consume":"test/support/..."}` */
function contextEntries(app: App): Readonly<Record<string, string>> | undefined {
  const json = contextText(app, "entries");
  if (json === undefined) return undefined;
  const isText = (entry: [string, unknown]): entry is [string, string] =>
    typeof entry[1] === "string";
  try {
    const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
    if (entries.every(isText)) return Object.fromEntries(entries);
  } catch {
    // Said below with what is expected.
  }
  throw new Failure(
    "misconfigured",
    "reject",
    `The context "entries" must be a JSON object from function to file; received ${json}`,
  );
}
