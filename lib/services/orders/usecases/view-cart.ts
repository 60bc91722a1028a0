/**
 * A cart as its holder sees it: the prices that it was filled at, and beside them those of the day.
 */
import type { CartItemView, CartView } from "#contracts/http/carts";
import { isoInstant } from "#kernel/units";
import { type Cart, type CartItem, cartLines } from "../domain/cart.ts";
import type { CartStore, Catalogue } from "../ports.ts";
import { type CartRequest, heldCart } from "./open-cart.ts";

export type ViewCartPorts = {
  readonly carts: Pick<CartStore, "read">;
  readonly catalogue: Catalogue;
};

/** One read of the cart, one of the prices. Throws `Failure` `not-found` (reject). */
export async function viewCart(
  { carts, catalogue }: ViewCartPorts,
  request: CartRequest,
): Promise<CartView> {
  const view = cartView(await heldCart(carts, request));
  if (view.items.length === 0) return view;
  const prices = await catalogue.prices(view.items.map(({ sku }) => sku));
  const items = view.items.map((item): CartItemView => {
    const found = prices.get(item.sku);
    if (found === undefined) return { ...item, current: null };
    const { currency, price: unitPrice, freight: unitFreight } = found;
    return { ...item, current: { currency, unitPrice, unitFreight } };
  });
  return { ...view, items };
}

/** As it is stored. */
export const cartView = (cart: Cart): CartView => ({
  cartId: cart.cartId,
  version: cart.version,
  status: cart.orderId === undefined ? "open" : "ordered",
  ...(cart.orderId !== undefined && { orderId: cart.orderId }),
  expiresAt: isoInstant(cart.expiresAt),
  items: cartLines(cart).map(itemView),
});

const itemView = ({ sku, quantity, price }: CartItem): CartItemView => ({
  sku,
  quantity,
  price: {
    currency: price.currency,
    unitPrice: price.unitPrice,
    unitFreight: price.unitFreight,
  },
  pricedAt: isoInstant(price.at),
});
