// Search over snapshots in memory and in S3, and what writers of one snapshot do to each other.
import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe } from "vitest";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { memorySnapshotStore } from "#adapters/memory/snapshot-store";
import { snapshotSearch } from "#adapters/minisearch/search-index";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { milliseconds } from "#kernel/units";
import type { SnapshotStore } from "#services/products/search-ports";
import { localConnection } from "../support/connection.ts";
import { steppingClock } from "../support/stepping-clock.ts";
import { type OpenSearch, searchIndexContract } from "./search-index-contract.ts";

const searching = (snapshots: SnapshotStore): OpenSearch => {
  const clock = steppingClock();
  return {
    index: snapshotSearch({ snapshots, clock, lookEveryMs: milliseconds(0) }),
    writer: snapshotWriter({ snapshots, clock }),
  };
};

describe("over a snapshot in memory", () => {
  searchIndexContract(() => searching(memorySnapshotStore()));
});

describe("over a snapshot in S3", () => {
  const client = new S3Client({ ...localConnection(), forcePathStyle: true });
  const bucket = `search-${randomUUID()}`;

  beforeAll(() => client.send(new CreateBucketCommand({ Bucket: bucket })));
  afterAll(() => client.destroy());

  searchIndexContract(() => searching(s3SnapshotStore({ client, bucket, key: randomUUID() })));
});
