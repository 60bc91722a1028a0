/**
 * What every stack of one deployment is told.
 */
import type { StackProps } from "aws-cdk-lib";
import type { Bundles } from "./bundle.ts";
import type { Stage } from "./config/stage.ts";

export type Deployment = {
  readonly stage: Stage;
  /** Starts every physical name, so that several deployments live in one account: `inorder-dev`. */
  readonly prefix: string;
  readonly bundles: Bundles;
  /** The project's folder. */
  readonly root: string;
  /** `AWS_ENDPOINT_URL` of a LocalStack-compatible target; absent on AWS. */
  readonly endpoint: string | undefined;
};

export type DeploymentProps = StackProps & { readonly deployment: Deployment };
