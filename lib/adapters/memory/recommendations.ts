/**
 * What is bought together, in memory.
 */
import type {
  Baskets,
  BasketWrite,
  Companion,
  Recommendations,
} from "#services/products/recommendation-ports";

export type MemoryRecommendations = Recommendations &
  Baskets & { commit(writes: readonly BasketWrite[]): Promise<void> };

export function memoryRecommendations(): MemoryRecommendations {
  const baskets = new Map<string, readonly string[]>();
  const counts = new Map<string, Map<string, number>>();
  const apply = (write: BasketWrite): void => {
    switch (write.kind) {
      case "remember":
        baskets.set(write.orderId, write.skus);
        return;
      case "forget":
        baskets.delete(write.orderId);
        return;
      case "count": {
        const others = counts.get(write.sku) ?? new Map<string, number>();
        others.set(write.other, (others.get(write.other) ?? 0) + 1);
        counts.set(write.sku, others);
        return;
      }
      default:
        write satisfies never;
    }
  };
  return {
    commit: async (writes) => {
      for (const write of writes) apply(write);
    },
    read: async (orderId) => baskets.get(orderId) ?? [],
    boughtWith: async (sku, limit) =>
      [...(counts.get(sku) ?? [])]
        .map(([other, orders]): Companion => ({ sku: other, orders }))
        .sort((a, b) => b.orders - a.orders)
        .slice(0, limit),
  };
}
