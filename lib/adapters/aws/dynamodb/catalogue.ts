/**
 * Prices from the catalogue's own table, in one batch read.
 */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import type { Catalogue, CataloguePrice } from "#services/orders/ports";
import { storeFailure } from "./failures.ts";
import { productOf } from "./product-items.ts";

export type CatalogueProps = { readonly client: DynamoDBClient; readonly table: string };

/** Source: Amazon DynamoDB API Reference, BatchGetItem: "as many as 100 items", each key once. */
const KEYS_MAX = 100;

/**
 * Errors beyond the port's: `price-missing` (reject) for a product whose price is no amount;
 * `invalid-request` (reject) for more SKUs than one batch reads.
 */
export const dynamoCatalogue = ({ client, table }: CatalogueProps): Catalogue => ({
  async prices(skus) {
    const keys = [...new Set(skus)].map((sku) => marshall({ sku }));
    if (keys.length === 0) return new Map();
    if (keys.length > KEYS_MAX) throw tooMany(keys.length);
    // Consistent: a copy that lags behind, though it were DynamoDB's own, sells at an old price.
    const RequestItems = { [table]: { Keys: keys, ConsistentRead: true } };
    const command = new BatchGetItemCommand({ RequestItems });
    const { Responses, UnprocessedKeys } = await client.send(command).catch(refuse);
    // The SDK has retried a request that was throttled as a whole; half an answer would price half
    // an order.
    if ((UnprocessedKeys?.[table]?.Keys?.length ?? 0) > 0) throw throttled();
    const prices = (Responses?.[table] ?? []).flatMap((item) => priceOf(unmarshall(item)));
    return new Map(prices.map((price) => [price.sku, price]));
  },
});

/** None for a product that has been withdrawn: to orders it is an unknown one. */
function priceOf(item: Readonly<Record<string, unknown>>): readonly CataloguePrice[] {
  const { sku, currency, price, freight, deleted } = productOf(item);
  if (deleted) return [];
  if (isAmount(price) && isAmount(freight)) return [{ sku, currency, price, freight }];
  throw new Failure("price-missing", "reject", `Product ${sku} has no price; order without it.`);
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const tooMany = (count: number): Failure =>
  new Failure("invalid-request", "reject", `At most ${KEYS_MAX} SKUs at once, not ${count}.`);

const throttled = (): Failure =>
  new Failure("store-throttled", "retry", "DynamoDB left a part of the prices unread.");

function refuse(error: unknown): never {
  throw storeFailure(error);
}
