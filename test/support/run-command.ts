/**
 * Runs a tool as its own process, so that its crash is a result like any other.
 */
import { spawn } from "node:child_process";

export type CommandResult = {
  /** The exit code; 1 for a process that a signal ended or that did not start. */
  readonly exitCode: number;
  readonly stdout: string;
  /** Standard output and standard error in the order in which they came. */
  readonly output: string;
  readonly seconds: number;
};

export type CommandOptions = {
  readonly cwd: string;
  /** The process is ended when it takes longer. */
  readonly limitMs: number;
  /** `show` passes the output through to the terminal instead of collecting it. */
  readonly output?: "collect" | "show";
  /** All that the process is told. Default: what this one is. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Runs `node <script> <arguments>` with the Node that runs this process. Never rejects. */
export async function runNode(
  script: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const startedAtMs = performance.now();
  const show = options.output === "show";
  const child = spawn(process.execPath, [...script], {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    timeout: options.limitMs,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const end = await new Promise<{ readonly exitCode: number; readonly cause: string }>(
    (resolve) => {
      child.once("error", (error) => resolve({ exitCode: 1, cause: error.message }));
      child.once("close", (code, signal) =>
        resolve({ exitCode: code ?? 1, cause: signal === null ? "" : `ended by ${signal}` }),
      );
    },
  );
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { exitCode: end.exitCode, stdout, output: output + end.cause, seconds };
}
