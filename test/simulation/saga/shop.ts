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
import { memoryStockStore } from "#adapters/memory/stock-store";
import type { EpochMs } from "#kernel/units";
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
  readonly changes: ChangeStream;
  readonly committed: (commit: Commit) => void;
};

export type Shop = {
  readonly stores: Stores;
  receive(): Promise<unknown>;
  /** Places the order of that index. */
  place(index: number): Promise<unknown>;
};

export function shop({ traffic, plant, ledger, now, changes, committed }: ShopOptions): Shop {
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
    stock: memoryStockStore(),
    steps: memoryPaymentSteps(),
    provider: memoryPaymentProvider(),
  };
  const catalogue = memoryCatalogue(PRICES);
  const place = (index: number): Promise<unknown> =>
    placeOrder(
      { catalogue, store: memoryOrderPlacements(memory.orders), carts: memoryCartStore() },
      {
        caller: { id: "ann", scopes: [] },
        route: "POST /v1/orders",
        idempotencyKey: `order-${index}`,
        body: { lines: [...(orders[index]?.lines ?? [])] },
        now: now(),
      },
    );
  return {
    stores: watchedStores({ ...memory, plant, ledger, skus: Object.keys(stock) }),
    receive: () =>
      Promise.all(Object.entries(stock).map(([sku, count]) => memory.stock.receive(sku, count))),
    place,
  };
}
