/**
 * Claim checks in S3, named by their content: the same data put again is the same object, so a
 * sender that repeats itself leaves nothing behind. Give the bucket a lifecycle rule that is longer
 * than the queue's retention and the consumers' halts.
 */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { CLAIM_CHECK_PREFIX } from "#contracts/claim-checks";
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { ClaimCheckStore } from "#messaging";
import { refuse } from "./failures.ts";

export type S3ClaimCheckStoreProps = { readonly client: S3Client; readonly bucket: string };

/**
 * References are `s3://<bucket>/<key>`; one that leads elsewhere is refused, so that a forged
 * message cannot make the consumer read what it should not.
 */
export function s3ClaimCheckStore({ client, bucket }: S3ClaimCheckStoreProps): ClaimCheckStore {
  const root = `s3://${bucket}/`;
  const place = `${root}${CLAIM_CHECK_PREFIX}`;
  return {
    async put(text) {
      const key = `${CLAIM_CHECK_PREFIX}${sha256Hex(text)}.json`;
      const put = { Bucket: bucket, Key: key, Body: text, ContentType: "application/json" };
      await client.send(new PutObjectCommand(put)).catch(refuse);
      return `${root}${key}`;
    },

    async get(ref, bytesMax) {
      if (!ref.startsWith(place)) throw foreign(ref, place);
      // One byte more than is expected shows that there is more.
      const range = `bytes=0-${bytesMax}`;
      const key = ref.slice(root.length);
      const get = new GetObjectCommand({ Bucket: bucket, Key: key, Range: range });
      try {
        const { Body } = await client.send(get);
        return await Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        return refuse(error);
      }
    },
  };
}

const foreign = (ref: string, root: string): Failure =>
  new Failure(
    "malformed-message",
    "halt",
    `The claim check ${JSON.stringify(ref)} is not in this consumer's store, ${root}.`,
  );
