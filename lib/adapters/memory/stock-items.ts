/**
 * The table of stock in memory: the same conditions on the same writes as in DynamoDB.
 */
import { isoInstant } from "#kernel/units";
import type {
  Adjustment,
  AdjustmentLog,
  DueHolds,
  Hold,
  HoldKey,
  StockBook,
  StockItem,
  StockItemId,
  StockItems,
  StockWrite,
  UnitChange,
  WriteOutcome,
} from "#services/inventory/ports";

type Kept = {
  readonly counters: Map<string, StockItem>;
  readonly holds: Map<string, Hold>;
  readonly adjustments: Map<string, Adjustment>;
};

type Standing = Omit<WriteOutcome, "isRefused">;

type Decision = {
  readonly outcome: WriteOutcome;
  readonly apply: () => void;
};

export function memoryStockItems(): StockItems & DueHolds & AdjustmentLog & StockBook {
  const kept: Kept = { counters: new Map(), holds: new Map(), adjustments: new Map() };
  const { counters, holds, adjustments } = kept;

  const found = (ids: readonly StockItemId[]): readonly StockItem[] =>
    ids.flatMap((id) => counters.get(counterKey(id)) ?? []);

  return {
    items: async (ids) => found(ids),
    snapshot: async (ids) => found(ids),
    hold: async (key) => holds.get(keyOfHold(key)),
    async write(writes) {
      const decisions = writes.map((write) => decide(kept, write));
      if (decisions.some(({ outcome }) => outcome.isRefused)) {
        return decisions.map(({ outcome }) => outcome);
      }
      for (const { apply } of decisions) apply();
      return undefined;
    },

    async due(now, limit) {
      return [...holds.values()]
        .filter(({ status, expiresAt }) => status === "held" && expiresAt <= now)
        .toSorted((a, b) => a.expiresAt - b.expiresAt)
        .slice(0, limit)
        .map(({ of, id, expiresAt }) => ({ key: { of, id }, expiresAt }));
    },

    async page({ sku, limit, after }) {
      const all = [...adjustments.values()]
        .filter((adjustment) => adjustment.sku === sku)
        .toSorted((a, b) => (position(a) < position(b) ? 1 : -1))
        .filter((adjustment) => after === undefined || position(adjustment) < after);
      const shown = all.slice(0, limit);
      const last = shown.at(-1);
      const next = last !== undefined && all.length > limit ? position(last) : undefined;
      return { adjustments: shown, next };
    },

    async *entries() {
      for (const item of counters.values()) yield { kind: "item", item };
      for (const hold of holds.values()) yield { kind: "hold", hold };
      for (const adjustment of adjustments.values()) yield { kind: "adjustment", adjustment };
    },
  };
}

/** Looks, and says what it would do. */
function decide({ counters, holds, adjustments }: Kept, write: StockWrite): Decision {
  switch (write.kind) {
    case "units": {
      const key = counterKey(write.item);
      const item = counters.get(key);
      const next = item === undefined ? undefined : changed(item, write.change);
      const isReceivedAsSeen = (write.receivedBefore ?? item?.received) === item?.received;
      const isAllowed = next !== undefined && isReceivedAsSeen && !isBelowZero(next, write.change);
      return decision(isAllowed, item && { item }, () => next && counters.set(key, next));
    }
    case "new-item": {
      const key = counterKey(write.item);
      const item = counters.get(key);
      return decision(item === undefined, item && { item }, () => counters.set(key, write.item));
    }
    case "shards": {
      const key = counterKey({ sku: write.sku, shard: 0 });
      const item = counters.get(key);
      const { from, to } = write;
      const isAsSeen = item?.shards === from.shards && item.made === from.made;
      return decision(
        isAsSeen,
        item && { item },
        () => item && counters.set(key, { ...item, ...to }),
      );
    }
    case "new-hold": {
      const key = keyOfHold(write.hold);
      const hold = holds.get(key);
      return decision(hold === undefined, hold && { hold }, () => holds.set(key, write.hold));
    }
    case "hold-status": {
      const key = keyOfHold(write.key);
      const hold = holds.get(key);
      const isAllowed = hold?.status === write.from && isInTime(hold, write);
      return decision(
        isAllowed,
        hold && { hold },
        () => hold && holds.set(key, { ...hold, status: write.to }),
      );
    }
    case "new-adjustment": {
      const { id } = write.adjustment;
      const adjustment = adjustments.get(id);
      return decision(adjustment === undefined, adjustment && { adjustment }, () =>
        adjustments.set(id, write.adjustment),
      );
    }
    default:
      return write satisfies never;
  }
}

const decision = (
  isAllowed: boolean,
  standing: Standing | undefined,
  apply: () => unknown,
): Decision => ({
  outcome: isAllowed ? { isRefused: false } : { isRefused: true, ...standing },
  apply: () => void apply(),
});

const position = ({ adjustedAt, id }: Adjustment): string => `${isoInstant(adjustedAt)}#${id}`;

const counterKey = ({ sku, shard }: StockItemId): string => `${sku}#${shard}`;

const keyOfHold = ({ of, id }: HoldKey): string => `${of}#${id}`;

const changed = (item: StockItem, change: UnitChange): StockItem => ({
  ...item,
  ...Object.fromEntries(
    Object.entries(change).map(([name, units]) => [name, item[name as keyof UnitChange] + units]),
  ),
});

const isBelowZero = (next: StockItem, { available = 0, reserved = 0 }: UnitChange): boolean =>
  (available < 0 && next.available < 0) || (reserved < 0 && next.reserved < 0);

function isInTime(
  { expiresAt }: Hold,
  { expiry, now }: Extract<StockWrite, { readonly kind: "hold-status" }>,
): boolean {
  switch (expiry) {
    case "ahead":
      return expiresAt > now;
    case "past":
      return expiresAt <= now;
    case "any":
      return true;
    default:
      return expiry satisfies never;
  }
}
