/**
 * The whole index as one object: what is shown of each product, the MiniSearch index over them, and
 * which version of each is in it. Compressed JSON.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import MiniSearch, { type AsPlainObject } from "minisearch";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { FoundProduct, ProductVersion } from "#services/products/search-ports";
import { INDEX_OPTIONS } from "./indexed.ts";

export type SnapshotProduct = FoundProduct & { readonly version: number };

/** What was deleted, and when: kept until no earlier change of it can still arrive. */
export type Gone = { readonly sku: string; readonly version: number; readonly at: EpochMs };

export type Snapshot = {
  readonly format: typeof FORMAT;
  readonly products: readonly SnapshotProduct[];
  readonly gone: readonly Gone[];
  readonly index: AsPlainObject;
};

const FORMAT = 1;
/** Twice the size takes a tenth of the time of the best. */
const GZIP_LEVEL = 4;
/** More is no snapshot of ours: it must not fill the memory of who unpacks it. */
const BYTES_MAX = 256_000_000;

export const emptySnapshot = (): Snapshot => ({
  format: FORMAT,
  products: [],
  gone: [],
  index: new MiniSearch(INDEX_OPTIONS).toJSON(),
});

export const encodeSnapshot = async (snapshot: Snapshot): Promise<Uint8Array> =>
  zipped(JSON.stringify(snapshot), { level: GZIP_LEVEL });

/** Errors: `unexpected` (reject) for what is no snapshot of this format: it has to be rebuilt. */
export async function decodeSnapshot(bytes: Uint8Array): Promise<Snapshot> {
  try {
    const text = (await unzipped(bytes, { maxOutputLength: BYTES_MAX })).toString("utf8");
    const value = JSON.parse(text) as Snapshot;
    if (value.format === FORMAT) return value;
  } catch (error) {
    throw unreadable(error);
  }
  throw unreadable();
}

/** What the index shows of a product; the rest is only looked up. */
export const shownOf = ({ product, version }: ProductVersion): SnapshotProduct => ({
  sku: product.sku,
  title: product.title,
  currency: product.currency,
  price: product.price,
  freight: product.freight,
  ...(product.category === undefined ? {} : { category: product.category }),
  ...(product.images[0] === undefined ? {} : { image: product.images[0] }),
  ...(product.rating === undefined ? {} : { rating: product.rating }),
  version,
});

const zipped = promisify<string, object, Buffer>(gzip);
const unzipped = promisify<Uint8Array, object, Buffer>(gunzip);

const unreadable = (cause?: unknown): Failure =>
  new Failure(
    "unexpected",
    "reject",
    "The search snapshot cannot be read: rebuild it (npm run rebuild -- --projection search).",
    { cause },
  );
