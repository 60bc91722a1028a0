/**
 * The truth about the stock: told of every write at the moment that it happens, and of everything
 * that a buyer is told.
 */
import type { memoryStockItems } from "#adapters/memory/stock-items";
import type { Hold, HoldStatus, StockItems, StockWrite } from "#services/inventory/ports";
import { verifyStock } from "#services/inventory/verify-stock";
import type { Breach } from "#simulation/scenario";

export const INVARIANT = { kept: 2, drains: 19, units: 20, holds: 21 } as const;

type Invariant = (typeof INVARIANT)[keyof typeof INVARIANT];

export type StockJudge = {
  /** What stands behind the network, watched. */
  readonly items: StockItems;
  readonly judge: (invariant: Invariant, detail: string) => void;
  readonly breach: () => Breach | undefined;
  /** A moment that `outOfStock` can look back to. */
  readonly mark: () => number;
  /** Told since the mark: there has to have been a moment without enough of one of them. */
  readonly outOfStock: (
    mark: number,
    wanted: readonly { readonly sku: string; readonly quantity: number }[],
  ) => void;
  readonly toldReleased: (orderId: string) => void;
  readonly statusOf: (orderId: string) => HoldStatus | undefined;
  readonly available: (sku: string) => number;
  readonly writes: () => number;
};

export type StockJudgeOptions = {
  readonly table: ReturnType<typeof memoryStockItems>;
  readonly steps: () => number;
  /** When the hold of an order ends, as its buyer was promised. */
  readonly endOf: (orderId: string) => number;
  readonly onWrite: (what: string, about: unknown) => void;
};

/** Whence a hold may come to where it is. */
const WAYS: Readonly<Record<HoldStatus, readonly HoldStatus[]>> = {
  held: [],
  committed: ["held"],
  shipped: ["committed"],
  released: ["held", "committed"],
  expired: ["held"],
};

export function stockJudge(options: StockJudgeOptions): StockJudge {
  const { table, steps } = options;
  const history: ReadonlyMap<string, number>[] = [];
  let breach: Breach | undefined;
  const judge: Judge = (invariant, detail) => {
    breach ??= { invariant, detail, step: steps() };
  };
  const holds = holdsTruth(options, judge);
  const told = teller(options, holds, judge);

  const count = async (): Promise<void> => {
    const { told: differences } = await verifyStock(table);
    if (differences[0] !== undefined) judge(INVARIANT.units, differences[0]);
    const totals = new Map<string, number>();
    for await (const entry of table.entries()) {
      if (entry.kind !== "item") continue;
      const { sku, available } = entry.item;
      totals.set(sku, (totals.get(sku) ?? 0) + available);
    }
    history.push(totals);
  };

  return {
    judge,
    breach: () => breach,
    items: {
      ...table,
      async write(writes) {
        const outcomes = await table.write(writes);
        if (outcomes !== undefined) return outcomes;
        for (const write of writes) told(write);
        await count();
        return undefined;
      },
    },
    mark: () => history.length,
    outOfStock(mark, wanted) {
      const since = history.slice(Math.max(0, mark - 1));
      const wasShort = wanted.some(({ sku, quantity }) =>
        since.some((totals) => (totals.get(sku) ?? 0) < quantity),
      );
      if (wasShort) return;
      const skus = wanted.map(({ sku }) => sku).join(", ");
      judge(INVARIANT.units, `${skus} is told to be out of stock; there was enough all the time`);
    },
    toldReleased: (orderId) => holds.toldReleased(orderId),
    statusOf: (orderId) => holds.statusOf(orderId),
    available: (sku) => history.at(-1)?.get(sku) ?? 0,
    writes: () => history.length,
  };
}

type Judge = StockJudge["judge"];

type StatusWrite = Extract<StockWrite, { readonly kind: "hold-status" }>;

type HoldsTruth = Pick<StockJudge, "toldReleased" | "statusOf"> & {
  readonly made: (hold: Hold) => void;
  readonly moved: (write: StatusWrite) => void;
};

function holdsTruth({ endOf, onWrite }: StockJudgeOptions, judge: Judge): HoldsTruth {
  const statuses = new Map<string, HoldStatus>();
  const released = new Set<string>();
  return {
    made({ id, status, units }) {
      if (status === "held" && released.has(id)) {
        judge(INVARIANT.holds, `${id} is held after its release was told`);
      }
      statuses.set(id, status);
      onWrite(status === "held" ? "hold" : "tombstone", id);
      if (new Set(units.map(({ sku }) => sku)).size < units.length) onWrite("several-shards", id);
    },
    moved({ key: { id }, to, now }) {
      const from = statuses.get(id);
      const late = now - endOf(id);
      if (from === undefined || !WAYS[to].includes(from)) {
        judge(INVARIANT.holds, `${id} was ${from ?? "never held"}, then ${to}`);
      }
      if (to === "committed" && late >= 0) {
        judge(INVARIANT.holds, `${id} is committed ${late} ms after its end`);
      }
      if (to === "expired" && late < 0) {
        judge(INVARIANT.holds, `${id} has expired ${-late} ms before its end`);
      }
      statuses.set(id, to);
      onWrite(to, id);
    },
    toldReleased: (orderId) => void released.add(orderId),
    statusOf: (orderId) => statuses.get(orderId),
  };
}

/** Each write that took effect, one by one. */
function teller({ onWrite }: StockJudgeOptions, holds: HoldsTruth, judge: Judge) {
  const adjusted = new Set<string>();
  return (write: StockWrite): void => {
    switch (write.kind) {
      case "new-hold":
        return holds.made(write.hold);
      case "hold-status":
        return holds.moved(write);
      case "new-adjustment": {
        const { reason, sku, delta } = write.adjustment;
        if (adjusted.has(reason)) judge(INVARIANT.units, `${sku} is adjusted twice for ${reason}`);
        adjusted.add(reason);
        return onWrite("adjusted", delta);
      }
      case "units":
        return (write.change.moved ?? 0) > 0 ? onWrite("moved", write.change.moved) : undefined;
      case "new-item":
        return undefined;
      case "shards":
        return onWrite(write.to.shards > write.from.shards ? "more-shards" : "fewer-shards", write);
      default:
        return write satisfies never;
    }
  };
}
