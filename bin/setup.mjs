/**
 * Makes the checkout ready and then runs one of the project's scripts with the project's Node.js:
 * `node bin/setup.mjs <script> [arguments...]`. Plain JavaScript on Node's own modules, because it
 * runs on the machine's Node.js before anything is installed. What is already done is skipped
 * without a word.
 */
import { join } from "node:path";
import { Complaint, root } from "./setup/checkout.mjs";
import { withLock } from "./setup/lock.mjs";
import { installPackages, packagesAreInstalled } from "./setup/packages.mjs";
import { findProjectNode, requireNode } from "./setup/project-node.mjs";
import { installPython, pythonIsInstalled, pythonIsNeeded } from "./setup/python.mjs";
import { Interrupted, runScript } from "./setup/processes.mjs";

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = error.exitCode;
  else if (error instanceof Complaint) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}

async function main([script, ...scriptArguments]) {
  if (script === undefined) {
    throw new Complaint("set-up: name the script to run: node bin/setup.mjs <script> [arguments]");
  }
  requireNode();
  const needsPython = pythonIsNeeded(script);
  const isDone = () => packagesAreInstalled() && (!needsPython || pythonIsInstalled());
  if (!isDone()) {
    await withLock(async () => {
      // Another set-up may have done it while this one waited.
      if (!packagesAreInstalled()) await installPackages();
      if (needsPython && !pythonIsInstalled()) await installPython();
    });
  }
  return await runScript(findProjectNode(), join(root, script), scriptArguments);
}
