/**
 * The callbacks of reviews in a test's or the simulator's memory.
 */
import type { ReviewTokens } from "#services/orders/ports";

export function memoryReviewTokens(): ReviewTokens {
  const kept = new Map<string, Set<string>>();
  return {
    async keep(orderId, token) {
      kept.set(orderId, new Set([...(kept.get(orderId) ?? []), token]));
    },
    of: async (orderId) => [...(kept.get(orderId) ?? [])],
    async drop(orderId, token) {
      kept.get(orderId)?.delete(token);
    },
  };
}
