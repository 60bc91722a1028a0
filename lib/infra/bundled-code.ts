/**
 * A bundled function as the code that the CDK deploys.
 */
import { Code } from "aws-cdk-lib/aws-lambda";
import { type Bundles, requireBundle } from "./bundle.ts";

/** Errors: `misconfigured` (reject) for a function that was not bundled. */
export const bundledCode = (bundles: Bundles, name: string): Code =>
  Code.fromAsset(requireBundle(bundles, name).folder);
