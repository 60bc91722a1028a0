// Snapshots in memory and in S3.
import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { memorySnapshotStore } from "#adapters/memory/snapshot-store";
import { localConnection } from "../support/connection.ts";
import { snapshotStoreContract } from "./snapshot-store-contract.ts";

describe("in memory", () => {
  snapshotStoreContract(memorySnapshotStore);
});

describe("over S3", () => {
  const client = new S3Client({ ...localConnection(), forcePathStyle: true });
  const bucket = `snapshots-${randomUUID()}`;

  beforeAll(() => client.send(new CreateBucketCommand({ Bucket: bucket })));
  afterAll(() => client.destroy());

  snapshotStoreContract(() => s3SnapshotStore({ client, bucket, key: `${randomUUID()}.gz` }));

  test("a bucket that is not there is an error that may pass", async () => {
    const store = s3SnapshotStore({ client, bucket: "absent-bucket", key: "x" });
    const passing = { code: "store-unavailable", action: "retry" };

    await expect(store.read()).rejects.toMatchObject(passing);
    await expect(store.write(new Uint8Array(), undefined)).rejects.toMatchObject(passing);
  });
});
