/**
 * Placing orders in a test: the table of the event store, the references in it, and the carts
 * beside it, changed in one step.
 */
import type { Commit } from "#messaging";
import type { OrderPlacements } from "#services/orders/ports";
import { type MemoryCartStore, memoryCartStore } from "./cart-store.ts";
import { appendWrite, type MemoryEventStore } from "./event-store.ts";

export const memoryOrderPlacements = (
  store: MemoryEventStore,
  carts: Pick<MemoryCartStore, "isAt" | "order"> = memoryCartStore(),
): OrderPlacements => ({
  read: (stream, range) => store.read(stream, range),
  async begin(commit, { reference, cart }) {
    let standing: string | undefined;
    let taken: string | undefined;
    const append = appendWrite({ kind: "append", commit }, (found) => {
      standing = found;
    });
    const isRight = cart === undefined || carts.isAt(cart.cartId, cart.version);
    store.table.write([
      // Nothing is written where the cart has changed.
      { ...append, condition: (found) => append.condition(found) && isRight },
      ...(reference === undefined
        ? []
        : [
            {
              partition: `reference#${JSON.stringify(reference)}`,
              sort: "reference",
              text: commit.stream,
              condition: (found: string | undefined) => {
                taken = found;
                return found === undefined;
              },
            },
          ]),
    ]);
    if (standing !== undefined) return { kind: "exists", commit: JSON.parse(standing) as Commit };
    if (!isRight) return { kind: "cart-changed" };
    if (taken !== undefined) return { kind: "reference-taken", orderId: taken };
    if (cart !== undefined) carts.order(cart.cartId, cart.version, commit.stream);
    return { kind: "appended" };
  },
});
