/**
 * `npm run deploy -- [arguments of cdk deploy]`: the ordinary deployment to AWS, by hand or from a
 * pipeline. The CDK asks before it changes rights, and shows what it does.
 */
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { untilInterrupted } from "./until-interrupted.ts";

const root = join(import.meta.dirname, "..");
const usage = `Usage: npm run deploy -- [-c stage=dev|prod] [any argument of cdk deploy]

All stacks of the stage (default dev) go to the account of your AWS credentials, which
"npx cdk bootstrap" has prepared once. For prod name the payment provider:
  npm run deploy -- -c stage=prod --parameters inorder-prod-application:ProviderAddress=https://...
`;

const given = process.argv.slice(2);
if (given.includes("--help")) console.log(usage);
else process.exitCode = await deploy(given);

async function deploy(args: readonly string[]): Promise<number> {
  const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
  console.error(endpoint === "" ? "Deploying to AWS." : `Deploying to ${endpoint}.`);
  const tool = join(root, "node_modules/aws-cdk/bin/cdk");
  const child = spawn(process.execPath, [tool, "deploy", "--all", ...args], {
    cwd: root,
    // The app is TypeScript: it runs on the Node that runs this.
    env: {
      ...process.env,
      PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    },
    stdio: "inherit",
  });
  // The tool gets a terminal's Ctrl-C itself; other signals are passed on, and its end is waited
  // for.
  void untilInterrupted().then((signal) => {
    if (signal !== "SIGINT") child.kill(signal);
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
