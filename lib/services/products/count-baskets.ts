/**
 * Counts what is bought together: an order's products when it is placed, each two of them once when
 * it is confirmed, in one transaction with the position in the order's stream.
 */
import { orderEventSchemas } from "#contracts/events/order-events";
import { Failure } from "#kernel/failure";
import type { EffectsHandler, Message } from "#messaging";
import type { Baskets, BasketWrite } from "./recommendation-ports.ts";

/** Each two of nine are 72 writes, which one transaction has room for; of more the first count. */
export const BASKET_SKUS_MAX = 9;

/** `handle` throws `Failure` `malformed-message` (halt) for what is no placed order. */
export const basketCounting = (
  baskets: Baskets,
): EffectsHandler<readonly string[], BasketWrite> => ({
  kind: "effects",
  load: (stream) => baskets.read(stream),
  handle(basket, message) {
    const orderId = message.stream;
    const forget: readonly BasketWrite[] = basket.length === 0 ? [] : [{ kind: "forget", orderId }];
    switch (message.type) {
      case "order.placed": {
        const skus = skusOf(message);
        // One product alone was bought with nothing.
        if (skus.length < 2) return { loaded: [], writes: [] };
        return { loaded: skus, writes: [{ kind: "remember", orderId, skus }] };
      }
      case "order.confirmed":
        return { loaded: [], writes: [...pairsOf(basket), ...forget] };
      case "order.rejected":
      case "order.cancelled":
        return { loaded: [], writes: forget };
      default:
        return { loaded: basket, writes: [] };
    }
  },
});

function skusOf({ data, stream }: Message): readonly string[] {
  const placed = orderEventSchemas["order.placed"].safeParse(data);
  if (placed.success) {
    return [...new Set(placed.data.lines.map(({ sku }) => sku))].slice(0, BASKET_SKUS_MAX);
  }
  throw new Failure("malformed-message", "halt", `What order ${stream} placed cannot be read.`);
}

const pairsOf = (skus: readonly string[]): readonly BasketWrite[] =>
  skus.flatMap((sku) =>
    skus.filter((other) => other !== sku).map((other) => ({ kind: "count" as const, sku, other })),
  );
