/**
 * The carts of a test, as texts, so that what is read back shares nothing with what was written.
 */
import type { CartStore } from "#services/orders/ports";

type StoredCart = Parameters<CartStore["replace"]>[0];

export type MemoryCartStore = CartStore & {
  /**
   * Writes the order into a cart of this version; what the transaction of a placement does.
   * Answers whether the cart was that.
   */
  order(cartId: string, version: number, orderId: string): boolean;
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
    async replace(cart) {
      if (find(cart.cartId)?.version !== cart.version - 1) return false;
      put(cart);
      return true;
    },
    order(cartId, version, orderId) {
      const cart = find(cartId);
      if (cart?.version !== version) return false;
      put({ ...cart, version: version + 1, orderId });
      return true;
    },
  };
}
