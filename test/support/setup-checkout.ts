/**
 * A small checkout in a temporary folder with the project's real set-up in it, and an npm and a
 * Python that only note how they were called: how the set-up is tried without installing
 * anything.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const project = join(import.meta.dirname, "..", "..");
const runLimitMs = 30_000;

/**
 * Makes the Node.js that the scripts run on, as the real packages do; hangs while the file `hang`
 * is there.
 */
const npmCode = `
  const fs = require("node:fs");
  fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
  fs.rmSync("node_modules", { recursive: true, force: true });
  fs.mkdirSync("node_modules/.bin", { recursive: true });
  if (fs.existsSync("fail")) { console.error("npm says why"); process.exit(1); }
  fs.symlinkSync(process.execPath, "node_modules/.bin/node");
  const hang = setInterval(() => { if (!fs.existsSync("hang")) clearInterval(hang); }, 20);
`;

/**
 * Answers like a Python of the version in the file `version`; a virtual environment is a copy of
 * itself.
 */
const pythonCode = `#!/bin/sh
here=$CHECKOUT
case "$*" in
  *version_info*) cat "$here/version" ;;
  "-m venv "*)
    echo "venv" >> "$here/python-calls"
    if [ -e "$here/no-venv" ]; then echo "ensurepip is not available"; exit 1; fi
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *) echo "$*" >> "$here/python-calls" ;;
esac
`;

export type SetUpRun = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Checkout = {
  readonly folder: string;
  write(path: string, text: string): void;
  /** Makes one of the machine's programs appear at `path`. */
  link(path: string, program: string): void;
  remove(path: string): void;
  exists(path: string): boolean;
  /** The lines of a file that a stand-in wrote its calls to; none when there is no such file. */
  lines(path: string): readonly string[];
  /** Starts `node bin/setup.mjs <script> [arguments]`. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): ChildProcess;
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<SetUpRun>;
};

export function openCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), "inorder-checkout-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(project, "bin", "setup.mjs"), join(folder, "bin", "setup.mjs"));
  cpSync(join(project, "bin", "setup"), join(folder, "bin", "setup"), { recursive: true });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", `{ "type": "commonjs" }`);
  write("package-lock.json", "{}");
  write("local-cloud/requirements.txt", "ministack==1\n");
  write("npm/npm-cli.js", npmCode);
  write("tools/python3", pythonCode);
  chmodSync(join(folder, "tools", "python3"), 0o755);
  write("version", "3 12\n");

  const start: Checkout["start"] = (args, environment = {}) => {
    const child = spawn(process.execPath, ["bin/setup.mjs", ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${join(folder, "tools")}:/usr/bin:/bin`,
        npm_execpath: join(folder, "npm", "npm-cli.js"),
        CHECKOUT: folder,
        ...environment,
      },
    });
    const limit = setTimeout(() => child.kill("SIGKILL"), runLimitMs);
    child.once("close", () => clearTimeout(limit));
    return child;
  };
  return {
    folder,
    write,
    link: (path, program) => symlinkSync(program, join(folder, path)),
    remove: (path) => rmSync(join(folder, path), { recursive: true, force: true }),
    exists: (path) => existsSync(join(folder, path)),
    lines: (path) =>
      existsSync(join(folder, path))
        ? readFileSync(join(folder, path), "utf8").trimEnd().split("\n")
        : [],
    start,
    run: (args, environment) => endOf(start(args, environment)),
  };
}

export function endOf(child: ChildProcess): Promise<SetUpRun> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
