/**
 * The products' own table as the truth that a projection of it is rebuilt from.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { ProductSource, ProductVersion } from "#services/products/search-ports";
import { backOff } from "../backoff.ts";
import { storeFailure } from "./failures.ts";
import { versionOfItem } from "./product-items.ts";

export type ProductSourceProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Hears how many have been read, page by page. */
  readonly onRead?: (count: number) => void;
  /** For the pauses between repetitions. Default: the system's. */
  readonly clock?: Clock;
};

/** API_BatchGetItem: "as many as 100 items". */
const BATCH_MAX = 100;
const ROUNDS_MAX = 10;

type Item = Record<string, AttributeValue>;

/** Errors: as `storeFailure` maps them. */
export function dynamoProductSource(props: ProductSourceProps): ProductSource {
  return {
    all: () => scanned(props),

    async some(skus) {
      const found: ProductVersion[] = [];
      for (let from = 0; from < skus.length; from += BATCH_MAX) {
        const items = await batchOf(props, skus.slice(from, from + BATCH_MAX));
        found.push(...items.map(versionOf));
      }
      return found;
    },
  };
}

async function* scanned({ client, table, onRead }: ProductSourceProps) {
  let from: Item | undefined;
  let count = 0;
  do {
    const command = new ScanCommand({
      TableName: table,
      ConsistentRead: true,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command).catch(refuse);
    yield* Items.map(versionOf);
    count += Items.length;
    onRead?.(count);
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

/** A batch answers what it has room and capacity for; the rest is asked for again. */
async function batchOf(
  { client, table, clock = systemClock }: ProductSourceProps,
  skus: readonly string[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let Keys: Item[] = skus.map((sku) => ({ sku: { S: sku } }));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const RequestItems = { [table]: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client
      .send(new BatchGetItemCommand({ RequestItems }))
      .catch(refuse);
    items.push(...(Responses?.[table] ?? []));
    Keys = UnprocessedKeys?.[table]?.Keys ?? [];
    if (Keys.length === 0) return items;
    await backOff(clock, round);
  }
  throw new Failure(
    "store-throttled",
    "retry",
    `${Keys.length} products were not answered in ${ROUNDS_MAX} requests.`,
  );
}

const versionOf = (stored: Item): ProductVersion => versionOfItem(unmarshall(stored));

function refuse(error: unknown): never {
  throw storeFailure(error);
}
