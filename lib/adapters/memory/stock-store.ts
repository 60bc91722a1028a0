/**
 * The stock of the tests and the simulator: maps, and the same contracts as in DynamoDB.
 */
import type {
  Adjustment,
  StockAdjustments,
  StockLevel,
  StockStore,
} from "#services/inventory/ports";

type Stock = { readonly available: number; readonly reserved: number };

type Reservation = {
  readonly status: "reserved" | "released";
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
};

export function memoryStockStore(): StockStore & StockAdjustments {
  const adjustments = new Map<string, Adjustment>();
  const stocks = new Map<string, Stock>();
  const reservations = new Map<string, Reservation>();

  const move = (sku: string, promised: number): void => {
    const stock = stocks.get(sku) ?? { available: 0, reserved: 0 };
    stocks.set(sku, {
      available: stock.available - promised,
      reserved: stock.reserved + promised,
    });
  };

  return {
    async levels(skus) {
      return skus.flatMap((sku) => {
        const stock = stocks.get(sku);
        return stock === undefined ? [] : [level(sku, stock)];
      });
    },

    async reserve(orderId, lines) {
      const present = reservations.get(orderId);
      if (present?.status === "reserved") return { kind: "already-reserved" };
      if (present?.status === "released") return { kind: "released" };
      const skus = lines
        .filter(({ sku, quantity }) => (stocks.get(sku)?.available ?? 0) < quantity)
        .map(({ sku }) => sku);
      if (skus.length > 0) return { kind: "out-of-stock", skus };
      for (const { sku, quantity } of lines) move(sku, quantity);
      reservations.set(orderId, { status: "reserved", lines });
      return { kind: "reserved" };
    },

    async release(orderId) {
      const present = reservations.get(orderId);
      if (present?.status === "released") return "already-released";
      reservations.set(orderId, { status: "released", lines: present?.lines ?? [] });
      if (present === undefined) return "tombstone";
      for (const { sku, quantity } of present.lines) move(sku, -quantity);
      return "released";
    },

    async receive(sku, available) {
      const stock = stocks.get(sku);
      if (stock !== undefined && stock.available >= available) return false;
      stocks.set(sku, { available, reserved: stock?.reserved ?? 0 });
      return true;
    },

    async adjust(adjustment) {
      const present = adjustments.get(adjustment.id);
      if (present !== undefined) return { kind: "recorded", adjustment: present };
      const stock = stocks.get(adjustment.sku);
      if (stock === undefined) return { kind: "unknown-sku" };
      const available = stock.available + adjustment.delta;
      if (available < 0) return { kind: "short" };
      stocks.set(adjustment.sku, { ...stock, available });
      adjustments.set(adjustment.id, adjustment);
      return { kind: "recorded", adjustment };
    },
  };
}

const level = (sku: string, { available, reserved }: Stock): StockLevel => ({
  sku,
  onHand: available + reserved,
  reserved,
});
