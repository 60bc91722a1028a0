/**
 * The npm packages of the lock file, installed when it changed since they last were.
 */
import { basename, join } from "node:path";
import { fingerprint, isStamped, removeStamp, root, writeStamp } from "./checkout.mjs";
import { runStep } from "./processes.mjs";

const lockFile = join(root, "package-lock.json");
const stamp = join(root, "node_modules", ".inorder-lock");

export function packagesAreInstalled() {
  return isStamped(stamp, fingerprint(lockFile));
}

export async function installPackages() {
  const print = fingerprint(lockFile);
  removeStamp(stamp);
  const [command, ...first] = npm();
  // Development and optional packages are needed whatever NODE_ENV or the machine's npm settings
  // say.
  const wanted = ["ci", "--ignore-scripts", "--include=dev", "--include=optional"];
  // Warnings about the set-up's own, older Node.js say nothing about the one that runs the scripts.
  const quiet = ["--loglevel=error", "--no-audit", "--no-fund"];
  await runStep("installing the packages", command, [...first, ...wanted, ...quiet], {
    shell: command === "npm" && process.platform === "win32",
    missing: "npm is missing: install it (it comes with Node.js)",
  });
  writeStamp(stamp, print);
}

/** The npm that runs this, when one does; else the one on the PATH. */
function npm() {
  const running = process.env.npm_execpath;
  return running !== undefined && basename(running) === "npm-cli.js"
    ? [process.execPath, running]
    : ["npm"];
}
