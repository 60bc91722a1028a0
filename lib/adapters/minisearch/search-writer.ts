/**
 * Keeps the snapshot: reads it, takes changes in and writes it on the condition that it is still
 * the one that was read. Whoever is second reads again, so no writer undoes another's work.
 */
import MiniSearch from "minisearch";
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import { type EpochMs, seconds } from "#kernel/units";
import type {
  ProductVersion,
  SearchReplacer,
  SearchWriter,
  SnapshotStore,
} from "#services/products/search-ports";
import {
  decodeSnapshot,
  emptySnapshot,
  encodeSnapshot,
  type Gone,
  shownOf,
  type Snapshot,
  type SnapshotProduct,
} from "./snapshot.ts";
import { INDEX_OPTIONS, type Indexed, indexed } from "./indexed.ts";

export type SnapshotWriterProps = { readonly snapshots: SnapshotStore; readonly clock: Clock };

const ATTEMPTS_MAX = 5;
/** A change stream keeps a record for a day, and is given up after half of one. */
const GONE_KEPT_MS = seconds(7 * 86_400);
/** Entries of products that were replaced are cleared away when they are a tenth of all. */
const DIRT_MAX = 0.1;

type Read = { readonly tag: string | undefined; readonly snapshot: Snapshot };

export function snapshotWriter({
  snapshots,
  clock,
}: SnapshotWriterProps): SearchWriter & SearchReplacer {
  /** What this process wrote last; a warm one need not read it back. */
  let known: Read | undefined;

  const read = async (decode: typeof decodeSnapshot): Promise<Read> => {
    const stored = await snapshots.read(known?.tag);
    if (stored === "unchanged" && known !== undefined) return known;
    if (stored === undefined || stored === "unchanged") {
      return { tag: undefined, snapshot: emptySnapshot() };
    }
    return { tag: stored.tag, snapshot: await decode(stored.bytes) };
  };

  /** Until it was the first to change what it had read, or there is nothing to change. */
  const change = async (
    decode: typeof decodeSnapshot,
    next: (snapshot: Snapshot) => Promise<Snapshot | undefined>,
  ): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const { tag, snapshot } = await read(decode);
      const changed = await next(snapshot);
      if (changed === undefined) return;
      const written = await snapshots.write(await encodeSnapshot(changed), tag);
      known = written === undefined ? undefined : { tag: written, snapshot: changed };
      if (written !== undefined) return;
    }
    throw new Failure("conflict", "retry", "Other writers of the search snapshot were first.");
  };

  return {
    async apply(versions) {
      let taken = 0;
      await change(decodeSnapshot, async (snapshot) => {
        const fresh = newerThan(snapshot, versions);
        taken = fresh.length;
        return taken === 0 ? undefined : changedBy(snapshot, fresh, clock.now());
      });
      return taken;
    },

    async replace(source) {
      const rebuilt = await built(source.all(), clock.now());
      let count = 0;
      await change(orEmpty, async (present) => {
        const doubtful = await source.some(otherwiseIn(present, rebuilt));
        const fresh = newerThan(rebuilt, doubtful);
        const next = fresh.length === 0 ? rebuilt : await changedBy(rebuilt, fresh, clock.now());
        count = next.products.length;
        return next;
      });
      return count;
    },
  };
}

/** What changed while the source was read, or is not in it at all: to be asked for once more. */
function otherwiseIn(present: Snapshot, rebuilt: Snapshot): readonly string[] {
  const have = versionsOf(rebuilt);
  return [...versionsOf(present)].flatMap(([sku, version]) =>
    version > (have.get(sku) ?? 0) ? [sku] : [],
  );
}

const versionsOf = ({ products, gone }: Snapshot): ReadonlyMap<string, number> =>
  new Map([...products, ...gone].map(({ sku, version }) => [sku, version]));

/** Of each product the newest, if it is newer than what the snapshot has. */
function newerThan(
  snapshot: Snapshot,
  versions: readonly ProductVersion[],
): readonly ProductVersion[] {
  const have = versionsOf(snapshot);
  const newest = new Map<string, ProductVersion>();
  for (const given of versions) {
    const { sku } = given.product;
    const best = newest.get(sku)?.version ?? have.get(sku) ?? 0;
    if (given.version > best) newest.set(sku, given);
  }
  return [...newest.values()];
}

async function changedBy(
  snapshot: Snapshot,
  fresh: readonly ProductVersion[],
  now: EpochMs,
): Promise<Snapshot> {
  const index = MiniSearch.loadJS<Indexed>(snapshot.index, INDEX_OPTIONS);
  const products = new Map(snapshot.products.map((product) => [product.sku, product]));
  const gone = new Map(
    snapshot.gone.filter(({ at }) => at > now - GONE_KEPT_MS).map((one) => [one.sku, one]),
  );
  for (const given of fresh) {
    const { product, version } = given;
    const { sku } = product;
    if (products.delete(sku)) index.discard(sku);
    gone.delete(sku);
    if (product.deleted) {
      gone.set(sku, { sku, version, at: now });
      continue;
    }
    products.set(sku, shownOf(given));
    index.add(indexedOf(given));
  }
  if (index.dirtFactor > DIRT_MAX) await index.vacuum({ batchSize: index.termCount + 1 });
  return {
    ...snapshot,
    products: [...products.values()],
    gone: [...gone.values()],
    ...json(index),
  };
}

async function built(products: AsyncIterable<ProductVersion>, now: EpochMs): Promise<Snapshot> {
  const index = new MiniSearch<Indexed>(INDEX_OPTIONS);
  const shown = new Map<string, SnapshotProduct>();
  const gone: Gone[] = [];
  for await (const given of products) {
    const { sku, deleted } = given.product;
    // A page that was read again shows what it showed before.
    if (shown.has(sku)) continue;
    if (deleted) {
      gone.push({ sku, version: given.version, at: now });
      continue;
    }
    shown.set(sku, shownOf(given));
    index.add(indexedOf(given));
  }
  return { ...emptySnapshot(), products: [...shown.values()], gone, ...json(index) };
}

function indexedOf({ product }: ProductVersion): Indexed {
  const { sku, title, category = "", description = "", attributes } = product;
  const details = Object.entries(attributes).map(([name, value]) => `${name} ${value}`);
  return indexed(sku, title, category, ...details, description);
}

const json = (index: MiniSearch<Indexed>) => ({ index: index.toJSON() });

/** A snapshot that cannot be read is what a rebuild is for. */
async function orEmpty(bytes: Uint8Array): Promise<Snapshot> {
  try {
    return await decodeSnapshot(bytes);
  } catch (error) {
    if (isFailure(error) && error.code === "unexpected") return emptySnapshot();
    throw error;
  }
}
