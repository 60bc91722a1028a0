/**
 * What stands behind the saga's network, with the ledger told of every effect at the moment that it
 * happens.
 */
import type { MemoryPaymentProvider } from "#adapters/memory/payment-provider";
import type { EpochMs } from "#kernel/units";
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
  /** For holds that end sooner than as a rule. */
  readonly at: (time: number, act: () => void) => void;
  readonly holdUntil: (orderId: string) => EpochMs | undefined;
};

export const watchedStores = (options: WatchedStoresOptions): Stores => ({
  orders: options.orders,
  tokens: options.tokens,
  steps: options.steps,
  stock: watchedStock(options),
  provider: watchedProvider(options),
});

function watchedStock({
  stock: memory,
  plant,
  ledger,
  skus,
  holdUntil,
  at,
}: WatchedStoresOptions): StockStore {
  const stock = plant.stockStore?.(memory) ?? memory;
  const committed = new Set<string>();
  /** What the worker that ends holds does. */
  const expire = async (orderId: string, now: EpochMs): Promise<void> => {
    if (committed.has(orderId)) return;
    if ((await stock.release(orderId, now)) !== "released") return;
    ledger.holdEnded(orderId);
    ledger.released(orderId);
  };
  return {
    ...stock,
    async reserve(orderId, lines, expiresAt) {
      const until = holdUntil(orderId) ?? expiresAt;
      const answer = await stock.reserve(orderId, lines, until);
      if (answer.kind === "reserved" && holdUntil(orderId) !== undefined) {
        at(until, () => void expire(orderId, until));
      }
      ledger.reserved(orderId, answer);
      ledger.counted(await stock.levels(skus));
      return answer;
    },
    async commit(orderId, now) {
      const answer = await stock.commit(orderId, now);
      if (answer === "not-held") ledger.holdEnded(orderId);
      else committed.add(orderId);
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
    async refund(request) {
      const payment = await provider.refund(request);
      tell(orderOf.get(request.paymentId) ?? "");
      return payment;
    },
    async void(paymentId, key) {
      const payment = await provider.void(paymentId, key);
      tell(orderOf.get(paymentId) ?? "");
      return payment;
    },
  };
}
