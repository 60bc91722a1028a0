/**
 * The claim checks of a function, in the bucket that its construct names. S3's client is loaded
 * with the first message that is too large: all others pay nothing for it.
 */
import type { ClaimCheckStore } from "#messaging";
import { told } from "./told.ts";

/**
 * @param bucket default: what the construct says. Errors, at the cold start: `misconfigured`
 * (reject) where neither says one, or both another.
 */
export function claimChecks(bucket?: string): ClaimCheckStore {
  const place = told("INORDER_CLAIM_CHECK_BUCKET", bucket, "bucket");
  let opened: Promise<ClaimCheckStore> | undefined;
  const store = (): Promise<ClaimCheckStore> => {
    opened ??= open(place);
    return opened;
  };
  return {
    put: async (text) => (await store()).put(text),
    get: async (ref, bytesMax) => (await store()).get(ref, bytesMax),
  };
}

async function open(bucket: string): Promise<ClaimCheckStore> {
  const { s3Client } = await import("#adapters/aws/s3/client");
  const { s3ClaimCheckStore } = await import("#adapters/aws/s3/claim-check-store");
  return s3ClaimCheckStore({ client: s3Client(), bucket });
}
