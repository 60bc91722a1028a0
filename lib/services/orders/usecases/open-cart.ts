/**
 * A cart for whoever holds it: its customer, or who knows an anonymous cart's secret.
 */
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";
import type { Commit } from "#messaging";
import type { Cart } from "../domain/cart.ts";
import type { CartStore, OrderStore } from "../ports.ts";

export type CartHolder = {
  readonly callerId?: string | undefined;
  readonly secret?: string | undefined;
};

export type CartRequest = {
  readonly cartId: string;
  readonly holder: CartHolder;
  readonly now: EpochMs;
};

/**
 * One read. Throws `Failure` `not-found` (reject), for another's cart and an expired one too: its
 * existence is nobody else's business.
 */
export async function heldCart(
  carts: Pick<CartStore, "read">,
  { cartId, holder, now }: CartRequest,
): Promise<Cart> {
  const cart = await carts.read(cartId);
  if (cart === undefined || cart.expiresAt <= now || !holds(holder, cart)) {
    throw new Failure("not-found", "reject", `You have no cart ${cartId}.`);
  }
  return cart;
}

/** Only digests are compared: where two begin to differ says nothing about a secret. */
const holds = ({ callerId, secret }: CartHolder, { owner }: Cart): boolean =>
  "customerId" in owner
    ? owner.customerId === callerId
    : secret !== undefined && owner.secretHash === sha256Hex(secret);

/**
 * The cart as it may be changed: one whose order was given up is open again. One more read where it
 * has an order. Throws `Failure` `cart-ordered` (reject).
 */
export async function openCart(orders: Pick<OrderStore, "read">, cart: Cart): Promise<Cart> {
  const { orderId, ...open } = cart;
  if (orderId === undefined) return cart;
  if (isGivenUp(await orders.read(orderId))) return open;
  throw new Failure("cart-ordered", "reject", `The cart is ordered: /v1/orders/${orderId}.`);
}

/** Nothing of such an order is held or charged, so its cart may be ordered once more. */
const GIVEN_UP: ReadonlySet<string> = new Set(["order.rejected", "order.cancelled"]);

export const isGivenUp = (commits: readonly Commit[]): boolean =>
  commits.some(({ events }) => events.some(({ type }) => GIVEN_UP.has(type)));
