/**
 * The stock in one piece, for tests and the simulator: maps, where one call is one moment, and the
 * same contracts as over the table.
 */
import type { EpochMs } from "#kernel/units";
import type {
  Adjustment,
  HoldStatus,
  ReservationLine,
  StockAdjustments,
  StockLevel,
  StockStore,
} from "#services/inventory/ports";

type Stock = { readonly available: number; readonly reserved: number; readonly sold: number };

type Held = {
  readonly status: HoldStatus;
  readonly lines: readonly ReservationLine[];
  readonly expiresAt: EpochMs;
};

type Change = (sku: string, by: Partial<Stock>) => void;

const NOTHING: Stock = { available: 0, reserved: 0, sold: 0 };

export function memoryStockStore(): StockStore & StockAdjustments {
  const stocks = new Map<string, Stock>();
  const change: Change = (sku, by) => {
    const { available, reserved, sold } = stocks.get(sku) ?? NOTHING;
    stocks.set(sku, {
      available: available + (by.available ?? 0),
      reserved: reserved + (by.reserved ?? 0),
      sold: sold + (by.sold ?? 0),
    });
  };

  return {
    ...orderHolds(stocks, change),
    ...corrections(stocks, change),
    async levels(skus) {
      return skus.flatMap((sku) => {
        const stock = stocks.get(sku);
        return stock === undefined ? [] : [level(sku, stock)];
      });
    },
  };
}

function orderHolds(
  stocks: ReadonlyMap<string, Stock>,
  change: Change,
): Pick<StockStore, "reserve" | "commit" | "ship" | "release"> {
  const holds = new Map<string, Held>();
  return {
    async reserve(orderId, lines, expiresAt) {
      const present = holds.get(orderId);
      if (present !== undefined) return { kind: isOver(present) ? "released" : "already-reserved" };
      const short = lines
        .map(({ sku, quantity: requested }) => {
          return { sku, requested, available: stocks.get(sku)?.available ?? 0 };
        })
        .filter(({ requested, available }) => available < requested);
      if (short.length > 0) return { kind: "out-of-stock", short };
      for (const { sku, quantity } of lines) {
        change(sku, { available: -quantity, reserved: quantity });
      }
      holds.set(orderId, { status: "held", lines, expiresAt });
      return { kind: "reserved" };
    },

    async commit(orderId, now) {
      const present = holds.get(orderId);
      if (present?.status === "committed" || present?.status === "shipped") return "committed";
      if (present?.status !== "held" || present.expiresAt <= now) return "not-held";
      holds.set(orderId, { ...present, status: "committed" });
      return "committed";
    },

    async ship(orderId) {
      const present = holds.get(orderId);
      if (present?.status === "shipped") return "shipped";
      if (present?.status !== "committed") return "not-committed";
      holds.set(orderId, { ...present, status: "shipped" });
      for (const { sku, quantity } of present.lines) {
        change(sku, { reserved: -quantity, sold: quantity });
      }
      return "shipped";
    },

    async release(orderId, now) {
      const present = holds.get(orderId) ?? { status: "held", lines: [], expiresAt: now };
      if (present.status === "shipped") return "shipped";
      if (isOver(present)) return "already-released";
      const isTombstone = !holds.has(orderId);
      holds.set(orderId, { ...present, status: "released" });
      for (const { sku, quantity } of present.lines) {
        change(sku, { available: quantity, reserved: -quantity });
      }
      return isTombstone ? "tombstone" : "released";
    },
  };
}

function corrections(
  stocks: Map<string, Stock>,
  change: Change,
): Pick<StockStore, "receive"> & StockAdjustments {
  const adjustments = new Map<string, Adjustment>();
  return {
    async receive(sku, available) {
      const stock = stocks.get(sku);
      if (stock !== undefined && stock.available >= available) return false;
      stocks.set(sku, { ...(stock ?? NOTHING), available });
      return true;
    },

    async adjust(adjustment) {
      const present = adjustments.get(adjustment.id);
      if (present !== undefined) return { kind: "recorded", adjustment: present };
      const stock = stocks.get(adjustment.sku);
      if (stock === undefined) return { kind: "unknown-sku" };
      if (stock.available + adjustment.delta < 0) return { kind: "short" };
      change(adjustment.sku, { available: adjustment.delta });
      adjustments.set(adjustment.id, adjustment);
      return { kind: "recorded", adjustment };
    },
  };
}

const isOver = ({ status }: Held): boolean => status === "released" || status === "expired";

const level = (sku: string, { available, reserved, sold }: Stock): StockLevel => ({
  sku,
  onHand: available + reserved,
  reserved,
  sold,
});
