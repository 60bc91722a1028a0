/**
 * The projections that can be made anew, by the names that operators use.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { dynamoProductSource } from "#adapters/aws/dynamodb/product-source";
import { s3SnapshotStore } from "#adapters/aws/s3/snapshot-store";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { systemClock } from "#kernel/clock";
import type { Attached } from "./attach.ts";
import { connection } from "./connection.ts";
import {
  abandonGeneration,
  ORDER_LIST,
  type OrderProjection,
  rebuildGeneration,
  RECOMMENDATIONS,
  sizeOf,
} from "./generations.ts";
import type { Phases } from "./progress.ts";

/** Answers what it did, for a person. */
type Act = (attached: Attached, phases: Phases) => Promise<string>;

export type Projection = {
  readonly rebuild: Act;
  /** Gives up what an earlier rebuild has begun; absent where one leaves nothing behind. */
  readonly abandon?: Act;
};

const inGenerations = (projection: OrderProjection): Projection => ({
  rebuild: (attached, phases) => rebuildGeneration(projection, attached, phases),
  abandon: (attached, phases) => abandonGeneration(projection, attached, phases),
});

export const PROJECTIONS: Readonly<Record<string, Projection>> = {
  search: { rebuild: rebuildSearch },
  "order-list": inGenerations(ORDER_LIST),
  recommendations: inGenerations(RECOMMENDATIONS),
};

async function rebuildSearch({ target, outputs }: Attached, phases: Phases): Promise<string> {
  const settings = { ...connection(target), maxAttempts: 5 };
  const client = new DynamoDBClient(settings);
  const table = outputs.ProductsTable;
  const of = await sizeOf(client, table);
  const tell = phases.begin("products");
  const source = dynamoProductSource({
    client,
    table,
    onRead(count) {
      tell(count / Math.max(count, of), `${count} read`);
      if (count >= of) phases.begin("index");
    },
  });
  const snapshots = s3SnapshotStore({
    client: new S3Client({ ...settings, forcePathStyle: true }),
    bucket: outputs.CatalogueBucket,
    key: SEARCH_SNAPSHOT_KEY,
  });
  const shown = await snapshotWriter({ snapshots, clock: systemClock }).replace(source);
  return `The search index was made anew and shows ${shown} products`;
}
