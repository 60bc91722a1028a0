/**
 * What is published as `inorder/claim-checks`: messages that are too large for a queue travel as a
 * reference to S3. An entry of its own, so that only its users need the client.
 */
export { claimChecks } from "./claim-check-place.ts";
export {
  s3ClaimCheckStore,
  type S3ClaimCheckStoreProps,
} from "#adapters/aws/s3/claim-check-store";
export { s3Client } from "#adapters/aws/s3/client";
export { CLAIMED_BYTES_MAX, checkedIn, type ClaimCheckStore } from "#messaging";
