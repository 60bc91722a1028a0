/**
 * One S3 client per sandbox: its connections outlive an invocation. Region and endpoint come from
 * the SDK's own settings.
 */
import { S3Client } from "@aws-sdk/client-s3";
import { REQUEST_LIMITS } from "../request-limits.ts";

let client: S3Client | undefined;

export function s3Client(): S3Client {
  // S3 takes the bucket in the path as well as in the host's name, which not every target can.
  client ??= new S3Client({ ...REQUEST_LIMITS, forcePathStyle: true });
  return client;
}
