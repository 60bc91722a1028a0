/**
 * Runs the CDK's own command line tool as a child process: with the project's Node, within a time
 * limit, its output line by line, and without anything that would call home.
 */
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";

export type CdkRun = {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The project's folder. */
  readonly root: string;
  /** Where it runs; there it looks for cdk.json. Default: the project's folder. */
  readonly folder?: string | undefined;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
};

const linesKept = 40;

/**
 * @throws Error with the end of the tool's output when it fails, is aborted or takes longer than
 *   the limit.
 */
export async function runCdk(run: CdkRun): Promise<void> {
  const { root, limitMs, onLine } = run;
  const limit = AbortSignal.timeout(limitMs);
  const child = spawn(process.execPath, [join(root, "node_modules/aws-cdk/bin/cdk"), ...run.args], {
    cwd: run.folder ?? root,
    env: cdkEnvironment(run.environment),
    stdio: ["ignore", "pipe", "pipe"],
    signal: run.signal === undefined ? limit : AbortSignal.any([limit, run.signal]),
    killSignal: "SIGKILL",
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
      onLine?.(line);
    });
  }
  const command = `cdk ${run.args[0] ?? ""}`;
  const ending = await new Promise<number | Error>((resolve) => {
    child.once("error", resolve);
    child.once("close", (code, signal) => resolve(code ?? new Error(`ended by ${signal}`)));
  });
  if (ending === 0) return;
  const why = limit.aborted
    ? `took longer than ${limitMs / 1000} s`
    : typeof ending === "number"
      ? `failed with exit code ${ending}`
      : `failed: ${ending.message}`;
  throw new Error(`${command} ${why}. The end of its output:\n${lines.join("\n")}`);
}

function cdkEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...environment,
    // The app is TypeScript: it runs on the Node that runs this.
    PATH: [dirname(process.execPath), environment["PATH"] ?? ""].join(delimiter),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CDK_DISABLE_VERSION_CHECK: "1",
    NO_COLOR: "1",
  };
}
