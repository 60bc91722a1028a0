// Claim checks in memory and in S3.
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { s3ClaimCheckStore } from "#adapters/aws/s3/claim-check-store";
import { memoryClaimCheckStore } from "#adapters/memory/claim-check-store";
import { localConnection } from "../support/connection.ts";
import { claimCheckStoreContract } from "./claim-check-store-contract.ts";

describe("in memory", () => {
  claimCheckStoreContract(memoryClaimCheckStore);
});

describe("over S3", () => {
  const bucket = "claims";
  const open = async () => {
    const client = new S3Client({ ...localConnection(), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
      const isThere = error instanceof Error && error.name === "BucketAlreadyOwnedByYou";
      if (!isThere) throw error;
    });
    return s3ClaimCheckStore({ client, bucket });
  };

  claimCheckStoreContract(open);

  test("a reference to another place is refused before anything is asked", async () => {
    const store = await open();

    for (const ref of ["s3://other/claim-checks/x.json", `s3://${bucket}/secrets.json`, "file:x"]) {
      await expect(store.get(ref, 10)).rejects.toMatchObject({
        code: "malformed-message",
        action: "halt",
      });
    }
  });

  test("a bucket that is not there is an error that may pass", async () => {
    const client = new S3Client({ ...localConnection(), forcePathStyle: true });
    const store = s3ClaimCheckStore({ client, bucket: "absent-bucket" });

    await expect(store.put("{}")).rejects.toMatchObject({
      code: "store-unavailable",
      action: "retry",
    });
  });
});
