/**
 * What an error of S3 means to the caller.
 */
import { S3ServiceException } from "@aws-sdk/client-s3";
import { Failure } from "#kernel/failure";

/** @throws Failure `store-unavailable` (retry) */
export function refuse(error: unknown): never {
  const text =
    error instanceof S3ServiceException ? `${error.name}: ${error.message}` : "no answer";
  throw new Failure("store-unavailable", "retry", `S3 did not do it: ${text}.`, { cause: error });
}
