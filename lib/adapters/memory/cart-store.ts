/**
 * The carts of a test, as texts, so that what is read back shares nothing with what was written.
 */
import type { CartStore } from "#services/orders/ports";

type StoredCart = Parameters<CartStore["replace"]>[0];

export type MemoryCartStore = CartStore & {
  /** For the transaction of a placement, which is one step here too. */
  isAt(cartId: string, version: number): boolean;
  order(cartId: string, version: number, orderId: string): void;
};

export function memoryCartStore(): MemoryCartStore {
  const carts = new Map<string, string>();
  const find = (cartId: string): StoredCart | undefined => {
    const text = carts.get(cartId);
    return text === undefined ? undefined : (JSON.parse(text) as StoredCart);
  };
  const put = (cart: StoredCart): void => {
    carts.set(cart.cartId, JSON.stringify(cart));
  };
  return {
    read: async (cartId) => find(cartId),
    async create(cart, now) {
      const standing = find(cart.cartId);
      if (standing !== undefined && standing.expiresAt > now) return standing;
      put(cart);
      return cart;
    },
    async replace(...all) {
      if (all.some(({ cartId, version }) => find(cartId)?.version !== version - 1)) return false;
      all.forEach(put);
      return true;
    },
    isAt: (cartId, version) => find(cartId)?.version === version,
    order(cartId, version, orderId) {
      const cart = find(cartId);
      if (cart !== undefined) put({ ...cart, version: version + 1, orderId });
    },
  };
}
