/**
 * Answers searches from a snapshot of the index in its own memory.
 */
import { s3Client } from "#adapters/aws/s3/client";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { snapshotSearch } from "#adapters/minisearch/search-index";
import { SERVICES } from "#contracts/metrics";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { searchFunction } from "./search-function.ts";

const environment = config(
  "CATALOGUE_BUCKET",
  "SEARCH_LOOK_SECONDS",
  "RECOMMENDATIONS_TABLE",
  "CURSOR_SECRET_ARN",
);
const { CATALOGUE_BUCKET: bucket, SEARCH_LOOK_SECONDS } = environment;

export const handler = searchFunction(
  snapshotSearch({
    snapshots: s3SnapshotStore({ client: s3Client(), bucket, key: SEARCH_SNAPSHOT_KEY }),
    clock: systemClock,
    lookEveryMs: seconds(Number(SEARCH_LOOK_SECONDS)),
    onStale: (error) =>
      telemetry(SERVICES.search).logger.warn("An older search snapshot goes on.", { error }),
  }),
  environment,
);
