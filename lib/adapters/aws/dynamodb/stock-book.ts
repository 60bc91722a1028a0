/**
 * Every entry of the stock table, page by page.
 */
import { type DynamoDBClient, ScanCommand, type ScanCommandOutput } from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import type { StockBook } from "#services/inventory/ports";
import { storeFailure } from "./failures.ts";
import { entryOf } from "./stock-layout.ts";

/** A page has up to 1 MB, so this is 10 GB. */
const PAGES_MAX = 10_000;

/** Errors beyond the port's: `unexpected` (reject) for a table that is too large to be read. */
export const dynamoStockBook = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): StockBook => ({
  async *entries() {
    let from: ScanCommandOutput["LastEvaluatedKey"];
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const page: ScanCommandOutput = await client
        .send(
          new ScanCommand({
            TableName: table,
            ConsistentRead: true,
            ...(from !== undefined && { ExclusiveStartKey: from }),
          }),
        )
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      for (const item of page.Items ?? []) yield entryOf(item);
      from = page.LastEvaluatedKey;
      if (from === undefined) return;
    }
    throw new Failure("unexpected", "reject", `The stock has more than ${PAGES_MAX} pages.`);
  },
});
