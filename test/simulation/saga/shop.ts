/**
 * The shop as far as its sagas go: its stores in memory, what is in them at the start, and
 * customers who place orders.
 */
import { memoryCartStore } from "#adapters/memory/cart-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryOrderPlacements } from "#adapters/memory/order-placements";
import { memoryPaymentProvider } from "#adapters/memory/payment-provider";
import { memoryPaymentSteps } from "#adapters/memory/payment-steps";
import { memoryReviewTokens } from "#adapters/memory/review-tokens";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { type EpochMs, later, milliseconds } from "#kernel/units";
import type { Commit } from "#messaging";
import { placeOrder } from "#services/orders/usecases/place-order";
import type { ChangeStream } from "#simulation/change-stream";
import { simulatedTable } from "#simulation/table";
import type { Stores } from "./functions.ts";
import type { Ledger } from "./ledger.ts";
import type { SagaPlant } from "./plant.ts";
import { watchedStores } from "./stores.ts";
import { PRICES, type Traffic } from "./traffic.ts";

export type ShopOptions = {
  readonly traffic: Traffic;
  readonly plant: SagaPlant;
  readonly ledger: Ledger;
  readonly now: () => EpochMs;
  readonly at: (time: number, act: () => void) => void;
  readonly changes: ChangeStream;
  readonly committed: (commit: Commit) => void;
};

export type Shop = {
  readonly stores: Stores;
  receive(): Promise<unknown>;
  /** Places the order of that index; answers its id. */
  place(index: number): Promise<string>;
};

export function shop({ traffic, plant, ledger, now, at, changes, committed }: ShopOptions): Shop {
  const { orders, stock } = traffic;
  const table = simulatedTable({
    now,
    changes,
    witness: (writes) => {
      for (const { text = "{}" } of writes) committed(JSON.parse(text) as Commit);
    },
  });
  const memory = {
    orders: memoryEventStore(table),
    tokens: memoryReviewTokens(),
    stock: memoryStockStore(),
    steps: memoryPaymentSteps(),
    provider: memoryPaymentProvider(),
  };
  const catalogue = memoryCatalogue(PRICES);
  const holdUntil = (orderId: string): EpochMs | undefined => holds.get(orderId);
  const holds = new Map<string, EpochMs>();
  const place = async (index: number): Promise<string> => {
    const { lines = [], holdMs } = orders[index] ?? {};
    const { orderId } = await placeOrder(
      { catalogue, store: memoryOrderPlacements(memory.orders), carts: memoryCartStore() },
      {
        caller: { id: "ann", scopes: [] },
        route: "POST /v1/orders",
        idempotencyKey: `order-${index}`,
        body: { lines: [...lines] },
        now: now(),
      },
    );
    if (holdMs !== undefined) holds.set(orderId, later(now(), milliseconds(holdMs)));
    return orderId;
  };
  return {
    stores: watchedStores({ ...memory, plant, ledger, skus: Object.keys(stock), holdUntil, at }),
    receive: () =>
      Promise.all(Object.entries(stock).map(([sku, count]) => memory.stock.receive(sku, count))),
    place,
  };
}
