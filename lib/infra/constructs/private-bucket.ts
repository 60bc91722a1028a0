/**
 * A bucket for what our own functions write and read: nobody else, nothing without TLS, and what is
 * overwritten can be had back for a month.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { StageFeatures } from "../config/stage.ts";
import { acknowledge } from "./acknowledge.ts";
import { BUCKET_PRIVACY } from "./bucket-privacy.ts";

export type PrivateBucketProps = { readonly features: Pick<StageFeatures, "deletionProtection"> };

export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { features }: PrivateBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      ...BUCKET_PRIVACY,
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      // With objects in it CloudFormation cannot delete it: it empties nothing by itself.
      removalPolicy: features.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.bucket, {
      "AwsSolutions-S1": "It holds what can be made anew from the catalogue, which is public.",
    });
  }
}
