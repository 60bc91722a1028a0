/**
 * The bucket of messages that are too large for their queue. It forgets them by itself, later than
 * any queue does: whoever sends may put, whoever consumes may get, and nobody may delete.
 */
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct, type IConstruct } from "constructs";
import { CLAIM_CHECK_PREFIX } from "#contracts/claim-checks";
import { Failure } from "#kernel/failure";
import { acknowledge } from "./acknowledge.ts";
import { BUCKET_PRIVACY } from "./bucket-privacy.ts";
import type { Need } from "./need.ts";

/** A queue keeps a message for 14 days, and its dead-letter queue counts another 14. */
const QUEUED_DAYS = 28;

export type ClaimCheckBucketProps = {
  /**
   * Days after which the data of a message is gone; stored once more, it is kept for as long again.
   * More than the 28 that a message may spend in its queues: a halted stream's wait longer, and who
   * decides about one later than this has to send it again. Default: 90.
   */
  readonly keptDays?: number;
  /** What becomes of it with its stack. Default: it stays, with what is in it. */
  readonly removalPolicy?: RemovalPolicy;
};

export class ClaimCheckBucket extends Construct {
  readonly bucket: Bucket;

  /** Errors: `misconfigured` (reject) for messages that outlive their data. */
  constructor(scope: Construct, id: string, props: ClaimCheckBucketProps = {}) {
    super(scope, id);
    const { keptDays = 90, removalPolicy = RemovalPolicy.RETAIN } = props;
    if (!Number.isSafeInteger(keptDays) || keptDays <= QUEUED_DAYS) {
      throw new Failure(
        "misconfigured",
        "reject",
        `${this.node.path} keeps claim checks for ${keptDays} days, but a message may be in its ` +
          `queue and its dead-letter queue for ${QUEUED_DAYS}: set keptDays to a whole number ` +
          "above that.",
      );
    }
    this.bucket = new Bucket(this, "Bucket", {
      ...BUCKET_PRIVACY,
      lifecycleRules: [
        {
          prefix: CLAIM_CHECK_PREFIX,
          expiration: Duration.days(keptDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      // With objects in it CloudFormation cannot delete it: it empties nothing by itself.
      removalPolicy,
    });
    acknowledge(this.bucket, {
      "AwsSolutions-S1": "Its objects are copies of events, named by their content, for a time.",
    });
  }
}

/** Of the CDK, or imported; where it has a key of its own, with that. */
export type ClaimChecks = Pick<IBucket, "bucketName" | "bucketArn" | "encryptionKey">;

export const putsClaimChecks = (bucket: ClaimChecks): Need =>
  may("s3:PutObject", "kms:GenerateDataKey", bucket);

/** One that is not there is then an error as any other, which passes or not. */
export const getsClaimChecks = (bucket: ClaimChecks): Need =>
  may("s3:GetObject", "kms:Decrypt", bucket);

/**
 * Source: "Using server-side encryption with AWS KMS keys", section "Permissions", Amazon S3 User
 * Guide.
 */
const may = (action: string, ofKey: string, bucket: ClaimChecks): Need => ({
  environment: { INORDER_CLAIM_CHECK_BUCKET: bucket.bucketName },
  permissions: [
    { actions: [action], resources: [claimChecksIn(bucket)] },
    ...(bucket.encryptionKey === undefined
      ? []
      : [{ actions: [ofKey], resources: [bucket.encryptionKey.keyArn] }]),
  ],
});

/** A right to some of a bucket's objects names them with a wildcard: accepted for these alone. */
export function acknowledgeClaimChecks(role: IConstruct, bucket: ClaimChecks | undefined): void {
  if (bucket === undefined) return;
  const arn: unknown = Stack.of(role).resolve(bucket.bucketArn);
  const resource = `${namedInFindings(arn)}/${CLAIM_CHECK_PREFIX}*`;
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::${resource}]`]:
      "A claim check is named by its content: it is put and got under any name of their folder.",
  });
}

function namedInFindings(arn: unknown): string {
  if (typeof arn !== "object" || arn === null) return String(arn);
  const { "Fn::ImportValue": imported, "Fn::GetAtt": attribute } = arn as Record<string, unknown>;
  if (typeof imported === "string") return imported;
  return Array.isArray(attribute) ? `<${attribute.join(".")}>` : JSON.stringify(arn);
}

const claimChecksIn = ({ bucketArn }: ClaimChecks): string => `${bucketArn}/${CLAIM_CHECK_PREFIX}*`;
