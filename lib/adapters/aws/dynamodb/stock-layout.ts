/**
 * How counters, holds and adjustments are laid out as items.
 *
 *     sku#<sku>           stock        available, reserved, sold, received, adjusted, moved;
 *                                      writes: how often it has been changed;
 *                                      shards, made: of the base alone
 *     sku#<sku>#<shard>   stock        the same of a shard, from 1
 *     order#<id>          hold         status, units, expiresAt; a tombstone has no units
 *     reservation#<id>    hold         the same, with its owner
 *     adjustment#<id>     adjustment   sku, delta, reason, recordedAt
 *
 *     index expiring-holds       expiring = <shard>   expiresAt: of held ones, nothing else
 *     index adjustments-by-sku   adjustedSku          adjustedAtId = <instant>#<id>
 */
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ADJUSTMENTS_BY_SKU, EXPIRING_HOLDS } from "#contracts/indexes";
import { Failure } from "#kernel/failure";
import { fnv1a } from "#kernel/rng";
import { type EpochMs, isoInstant } from "#kernel/units";
import type {
  Adjustment,
  HeldUnits,
  Hold,
  HoldKey,
  HoldStatus,
  StockEntry,
  StockItem,
  StockItemId,
} from "#services/inventory/ports";

/** An item as `unmarshall` answers it. */
export type ItemFields = Readonly<Record<string, unknown>>;

type Marshalled = Parameters<typeof unmarshall>[0];

/** A partition takes 1,000 writes a second, and every hold comes by. */
export const EXPIRY_SHARDS = 8;

export const itemKey = ({ sku, shard }: StockItemId) => ({
  pk: shard === 0 ? `sku#${sku}` : `sku#${sku}#${shard}`,
  sk: "stock",
});

export const holdKey = ({ of, id }: HoldKey) => ({ pk: `${of}#${id}`, sk: "hold" });

export const adjustmentKey = (id: string) => ({ pk: `adjustment#${id}`, sk: "adjustment" });

export const itemFields = ({ sku, shard, shards, made, ...units }: StockItem) => ({
  ...itemKey({ sku, shard }),
  ...units,
  ...(shard === 0 && { shards, made }),
});

export function itemOf(item: ItemFields): StockItem {
  const [, sku = "", shard = "0"] = String(item["pk"]).split("#");
  const units = (name: string): number => Number(item[name] ?? 0);
  return {
    sku,
    shard: Number(shard),
    available: units("available"),
    reserved: units("reserved"),
    sold: units("sold"),
    received: units("received"),
    adjusted: units("adjusted"),
    moved: units("moved"),
    shards: Number(item["shards"] ?? 1),
    made: units("made"),
  };
}

export const writesOf = (item: ItemFields): number => Number(item["writes"] ?? 0);

export const holdFields = (hold: Hold) => ({
  ...holdKey(hold),
  status: hold.status,
  units: hold.units.map(({ sku, shard, quantity }) => ({ sku, shard, quantity })),
  expiresAt: hold.expiresAt,
  ...(hold.owner !== undefined && { owner: hold.owner }),
  ...(hold.status === "held" && {
    [EXPIRING_HOLDS.partitionKey]: String(fnv1a(hold.id) % EXPIRY_SHARDS),
  }),
});

export function holdKeyOf(pk: unknown): HoldKey {
  const [of, id = ""] = String(pk).split("#");
  if (of !== "order" && of !== "reservation") throw damaged(pk);
  return { of, id };
}

const STATUSES: ReadonlySet<unknown> = new Set<HoldStatus>([
  "held",
  "committed",
  "shipped",
  "released",
  "expired",
]);

/** Throws `Failure` `unexpected` (halt) for an item that no hold can have written. */
export function holdOf(item: ItemFields): Hold {
  const { pk, status, units, expiresAt, owner } = item;
  if (!STATUSES.has(status) || !Array.isArray(units)) throw damaged(pk);
  return {
    ...holdKeyOf(pk),
    status: status as HoldStatus,
    units: units.map((each: unknown) => unitsOf(pk, each)),
    expiresAt: Number(expiresAt) as EpochMs,
    ...(typeof owner === "string" && { owner }),
  };
}

function unitsOf(pk: unknown, units: unknown): HeldUnits {
  if (typeof units !== "object" || units === null) throw damaged(pk);
  const { sku, shard, quantity } = units as ItemFields;
  const isRight =
    typeof sku === "string" && typeof shard === "number" && typeof quantity === "number";
  if (!isRight) throw damaged(pk);
  return { sku, shard, quantity };
}

const adjustmentPosition = ({ adjustedAt, id }: Adjustment): string =>
  `${isoInstant(adjustedAt)}#${id}`;

/** The id in a position of `ADJUSTMENTS_BY_SKU`. */
export const idInPosition = (position: string): string => position.slice(position.indexOf("#") + 1);

export const adjustmentFields = (adjustment: Adjustment) => ({
  ...adjustmentKey(adjustment.id),
  sku: adjustment.sku,
  delta: adjustment.delta,
  reason: adjustment.reason,
  recordedAt: adjustment.adjustedAt,
  [ADJUSTMENTS_BY_SKU.partitionKey]: adjustment.sku,
  [ADJUSTMENTS_BY_SKU.sortKey]: adjustmentPosition(adjustment),
});

export const adjustmentOf = (item: ItemFields): Adjustment => ({
  id: String(item["pk"]).slice(adjustmentKey("").pk.length),
  sku: String(item["sku"]),
  delta: Number(item["delta"]),
  reason: String(item["reason"]),
  adjustedAt: Number(item["recordedAt"]) as EpochMs,
});

/** Throws `Failure` `unexpected` (halt) for an item that this table does not have. */
export function entryOf(item: Marshalled): StockEntry {
  const fields = unmarshall(item);
  switch (fields["sk"]) {
    case "stock":
      return { kind: "item", item: itemOf(fields) };
    case "hold":
      return { kind: "hold", hold: holdOf(fields) };
    case "adjustment":
      return { kind: "adjustment", adjustment: adjustmentOf(fields) };
    default:
      throw damaged(fields["pk"]);
  }
}

const damaged = (pk: unknown): Failure =>
  new Failure("unexpected", "halt", `The stock table's item ${String(pk)} cannot be read.`);
