/**
 * What stands behind the saga's network, with the ledger told of every effect at the moment that it
 * happens.
 */
import type { MemoryPaymentProvider } from "#adapters/memory/payment-provider";
import type { StockStore } from "#services/inventory/ports";
import type { PaymentProvider } from "#services/payments/ports";
import type { Stores } from "./functions.ts";
import type { Ledger } from "./ledger.ts";
import type { SagaPlant } from "./plant.ts";

export type WatchedStoresOptions = Omit<Stores, "provider"> & {
  readonly provider: MemoryPaymentProvider;
  readonly plant: SagaPlant;
  readonly ledger: Ledger;
  readonly skus: readonly string[];
};

export const watchedStores = (options: WatchedStoresOptions): Stores => ({
  orders: options.orders,
  steps: options.steps,
  stock: watchedStock(options),
  provider: watchedProvider(options),
});

function watchedStock({ stock: memory, plant, ledger, skus }: WatchedStoresOptions): StockStore {
  const stock = plant.stockStore?.(memory) ?? memory;
  return {
    ...stock,
    async reserve(orderId, lines, now) {
      const answer = await stock.reserve(orderId, lines, now);
      ledger.reserved(orderId, answer);
      ledger.counted(await stock.levels(skus));
      return answer;
    },
    async release(orderId, now) {
      const answer = await stock.release(orderId, now);
      ledger.released(orderId);
      ledger.counted(await stock.levels(skus));
      return answer;
    },
  };
}

function watchedProvider({ provider, ledger }: WatchedStoresOptions): PaymentProvider {
  /** Its order, by payment. */
  const orderOf = new Map<string, string>();
  const tell = (orderId: string): void => ledger.paid(orderId, provider.paymentsOf(orderId));
  return {
    ...provider,
    async authorise(request) {
      const payment = await provider.authorise(request);
      orderOf.set(payment.paymentId, request.orderId);
      tell(request.orderId);
      return payment;
    },
    async capture(paymentId, key) {
      const payment = await provider.capture(paymentId, key);
      tell(orderOf.get(paymentId) ?? "");
      return payment;
    },
    async void(paymentId, key) {
      const payment = await provider.void(paymentId, key);
      tell(orderOf.get(paymentId) ?? "");
      return payment;
    },
  };
}
