/**
 * The guide's project in a folder outside of this one, with the package installed from its tarball
 * as npm installs it. What it is used with comes from this project by links: a fresh clone has it,
 * and no registry is asked.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { spawn } from "node:child_process";
import { type CommandResult, runNode } from "./run-command.ts";
import { guideFiles } from "./guide.ts";

export type PackageProject = {
  readonly folder: string;
  /** The package as it is installed. */
  readonly installed: string;
  /** The tarball's files, in order. */
  readonly packed: readonly string[];
  /** What the build printed. */
  readonly built: string;
  remove(): void;
};

const MINUTE = 60_000;

/** What the guide tells its reader to install beside the package, and what each entry needs. */
const BESIDE = [
  "@aws-lambda-powertools/commons",
  "@aws-lambda-powertools/idempotency",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-s3",
  "@aws-sdk/client-sqs",
  "@aws-sdk/util-dynamodb",
  "@redis/client",
  "@types/node",
  "aws-cdk-lib",
  "constructs",
  "esbuild",
  "typescript",
];

/** By name, where its script lies in its package. */
const COMMANDS = { esbuild: "esbuild/bin/esbuild", tsc: "typescript/bin/tsc" };

export async function packageProject(root: string): Promise<PackageProject> {
  const place = mkdtempSync(join(tmpdir(), "inorder-package-"));
  const [out, folder] = [join(place, "package"), join(place, "project")];
  mkdirSync(folder);
  const build = await runNode([join(root, "bin/build.ts"), "--out", out], {
    cwd: root,
    limitMs: 2 * MINUTE,
  });
  succeeded("The build", build);
  const packed = await npm(["pack", out, "--json", "--pack-destination", place], place);
  const [tarred] = JSON.parse(packed) as readonly { readonly files: { readonly path: string }[] }[];
  for (const { name, content } of guideFiles(root)) writeFileSync(join(folder, name), content);
  const tarball = readdirSync(place).find((name) => name.endsWith(".tgz")) ?? "no tarball";
  // Its peers are linked below; nothing is left that a registry would have to be asked for.
  await npm(["install", join(place, tarball), "--offline", "--legacy-peer-deps"], folder);
  linkInto(join(folder, "node_modules"), join(root, "node_modules"));
  return {
    folder,
    installed: join(folder, "node_modules", "inorder"),
    packed: (tarred?.files ?? []).map(({ path }) => path).toSorted(),
    built: build.stdout,
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

function linkInto(modules: string, ours: string): void {
  for (const name of BESIDE) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ours, name), join(modules, name), "junction");
  }
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const [name, script] of Object.entries(COMMANDS)) {
    symlinkSync(join(ours, script), join(modules, ".bin", name));
  }
}

export function succeeded(what: string, { exitCode, output }: CommandResult): void {
  if (exitCode !== 0) throw new Error(`${what} failed with exit code ${exitCode}:\n${output}`);
}

/** Answers what it printed. The npm that runs this, when one does; else the one on the PATH. */
async function npm(args: readonly string[], cwd: string): Promise<string> {
  const running = process.env["npm_execpath"] ?? "";
  const [command, ...first] =
    basename(running) === "npm-cli.js" ? [process.execPath, running] : ["npm"];
  const quiet = ["--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts"];
  const child = spawn(command ?? "npm", [...first, ...args, ...quiet], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: MINUTE,
    env: { ...process.env, PATH: pathWithNode() },
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const code = await new Promise<number | Error>((resolve) => {
    child.once("error", resolve);
    child.once("close", (ended) => resolve(ended ?? 1));
  });
  if (code !== 0) throw new Error(`npm ${args[0]} failed: ${String(code)}\n${printed}`);
  return printed;
}

const pathWithNode = (): string =>
  [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
