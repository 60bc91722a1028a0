/**
 * Answers searches from a snapshot of the index in its own memory.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoRecommendations } from "#adapters/aws/dynamodb/recommendations";
import { s3Client } from "#adapters/aws/s3/client";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { snapshotSearch } from "#adapters/minisearch/search-index";
import { SERVICES } from "#contracts/metrics";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { telemetry } from "#runtime/telemetry";
import { searchRoutes } from "./search-routes.ts";

const environment = config(
  "CATALOGUE_BUCKET",
  "SEARCH_LOOK_SECONDS",
  "RECOMMENDATIONS_TABLE",
  "CURSOR_SECRET_ARN",
);

const snapshots = s3SnapshotStore({
  client: s3Client(),
  bucket: environment.CATALOGUE_BUCKET,
  key: SEARCH_SNAPSHOT_KEY,
});

export const handler = httpFunction({
  service: SERVICES.search,
  routes: searchRoutes({
    index: snapshotSearch({
      snapshots,
      clock: systemClock,
      lookEveryMs: seconds(Number(environment.SEARCH_LOOK_SECONDS)),
      onStale: (error) =>
        telemetry(SERVICES.search).logger.warn("An older search snapshot goes on.", { error }),
    }),
    recommendations: dynamoRecommendations({
      client: dynamoClient(),
      table: environment.RECOMMENDATIONS_TABLE,
    }),
    cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
  }),
});
