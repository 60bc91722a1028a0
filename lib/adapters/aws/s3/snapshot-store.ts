/**
 * A snapshot as one object in S3, whose entity tag fences its writers.
 * Source: "How to prevent object overwrites with conditional writes", Amazon S3 User Guide.
 */
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { SnapshotStore } from "#services/products/search-ports";
import { refuse } from "./failures.ts";

export type S3SnapshotStoreProps = {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
};

const NOT_MODIFIED = 304;
/**
 * A write that another was before of: its tag is not there (412), the object is not (404), or both
 * were under way at once (409).
 */
const ANOTHER_FIRST: ReadonlySet<string> = new Set([
  "PreconditionFailed",
  "NoSuchKey",
  "ConditionalRequestConflict",
]);

export const s3SnapshotStore = ({ client, bucket, key }: S3SnapshotStoreProps): SnapshotStore => ({
  async read(known) {
    const condition = known === undefined ? {} : { IfNoneMatch: known };
    const get = new GetObjectCommand({ Bucket: bucket, Key: key, ...condition });
    try {
      const { Body, ETag } = await client.send(get);
      return { tag: ETag ?? "", bytes: (await Body?.transformToByteArray()) ?? new Uint8Array() };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (statusOf(error) === NOT_MODIFIED) return "unchanged";
      return refuse(error);
    }
  },

  async write(bytes, replaces) {
    const condition = replaces === undefined ? { IfNoneMatch: "*" } : { IfMatch: replaces };
    const put = { Bucket: bucket, Key: key, Body: bytes, ContentType: "application/gzip" };
    try {
      const { ETag } = await client.send(new PutObjectCommand({ ...put, ...condition }));
      return ETag ?? "";
    } catch (error) {
      if (error instanceof Error && ANOTHER_FIRST.has(error.name)) return undefined;
      return refuse(error);
    }
  },
});

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
