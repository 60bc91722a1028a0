/**
 * Where the sweep's function lies that is published beside the constructs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Failure } from "#kernel/failure";

/** The folder's name in the package: `bin/build.ts` puts the bundle there. */
export const SWEEP_FOLDER = "sweep";

/** Errors: `misconfigured` (reject) where the constructs are not run from the package. */
export function packagedSweep(): Code {
  const folder = join(import.meta.dirname, SWEEP_FOLDER);
  if (existsSync(join(folder, "index.js"))) return Code.fromAsset(folder);
  throw new Failure(
    "misconfigured",
    "reject",
    `There is no sweep at ${folder}: import OrderedConsumer from inorder/cdk, or give it ` +
      "`sweepCode` with a function made by `sweepHandler`.",
  );
}
