/**
 * Takes changes of products into the snapshot that searches run on.
 */
import { s3Client } from "#adapters/aws/s3/client";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { systemClock } from "#kernel/clock";
import { config } from "#runtime/config";
import { searchBuilder } from "./search-builder.ts";

const { CATALOGUE_BUCKET: bucket } = config("CATALOGUE_BUCKET");

const snapshots = s3SnapshotStore({ client: s3Client(), bucket, key: SEARCH_SNAPSHOT_KEY });

export const handler = searchBuilder(snapshotWriter({ snapshots, clock: systemClock }));
