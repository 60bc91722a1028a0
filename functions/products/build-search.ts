/**
 * Takes what changed in the search projection into the snapshot that searches run on, many changes
 * at once.
 */
import { searchedProductOf } from "#adapters/aws/dynamodb/searched-products";
import { s3Client } from "#adapters/aws/s3/client";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { METRICS, SERVICES } from "#contracts/metrics";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { systemClock } from "#kernel/clock";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { telemetry } from "#runtime/telemetry";

const { CATALOGUE_BUCKET: bucket } = config("CATALOGUE_BUCKET");

const snapshots = s3SnapshotStore({ client: s3Client(), bucket, key: SEARCH_SNAPSHOT_KEY });
const writer = snapshotWriter({ snapshots, clock: systemClock });

export const handler = streamFunction({
  service: SERVICES.search,
  async forward(records) {
    const watched = telemetry(SERVICES.search);
    const versions = records.flatMap((record) => {
      try {
        return searchedProductOf(record) ?? [];
      } catch (error) {
        // It must not hold up the others; a rebuild takes the product from its table.
        watched.logger.error("A head is not taken into the search index.", { error });
        return [];
      }
    });
    watched.count(METRICS.searchChanges, await writer.apply(versions));
    return {};
  },
});
