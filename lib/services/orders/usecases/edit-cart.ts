/**
 * Changes of a cart. Each is decided over the cart as it is and written over that version; when
 * another device was faster it is decided again, so what commutes is never refused.
 */
import { Failure, isFailure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";
import {
  addItem,
  type Cart,
  type CartItem,
  checkVersion,
  givenTo,
  mergeCart,
  removeItem,
  setQuantity,
} from "../domain/cart.ts";
import type { CartStore, Catalogue, OrderStore } from "../ports.ts";
import { type CartHolder, type CartRequest, heldCart, openCart } from "./open-cart.ts";

export type EditCartPorts = {
  readonly carts: CartStore;
  readonly catalogue: Catalogue;
  readonly orders: Pick<OrderStore, "read">;
};

export type EditCartRequest = CartRequest & {
  /** The version of the cart that the caller has seen. */
  readonly seenVersion: number;
};

/** Of read, decide and write, when others keep changing the cart or answers keep getting lost. */
const ATTEMPTS_MAX = 12;

export type AddToCart = CartRequest & {
  readonly seenVersion?: number | undefined;
  readonly sku: string;
  readonly quantity: number;
  /** The same when the request is repeated: it then takes effect once. */
  readonly idempotencyKey: string;
};

/**
 * Throws `Failure`: `not-found`, `unknown-sku`, `cart-full`, `cart-ordered`, `precondition-failed`,
 * `idempotency-key-reused` (reject); `conflict` (retry).
 */
export async function addToCart(ports: EditCartPorts, request: AddToCart): Promise<Cart> {
  const { sku, quantity, idempotencyKey } = request;
  const item = await pricedItem(ports, { sku, quantity, now: request.now });
  const name = { key: digest([idempotencyKey]), payload: digest([sku, quantity]) };
  return edited(ports, request, (cart) => addItem(cart, item, name));
}

/** 64 bits tell the adds of one cart apart. */
const digest = (parts: readonly unknown[]): string => sha256Hex(JSON.stringify(parts)).slice(0, 16);

/** Errors: as `addToCart`. */
export async function setCartQuantity(
  ports: EditCartPorts,
  request: EditCartRequest & { readonly sku: string; readonly quantity: number },
): Promise<Cart> {
  const item = await pricedItem(ports, request);
  return edited(ports, request, (cart) => setQuantity(cart, item, request.seenVersion));
}

/** Errors: as `addToCart`. */
export const removeFromCart = (
  ports: EditCartPorts,
  request: EditCartRequest & { readonly sku: string },
): Promise<Cart> =>
  edited(ports, request, (cart) => removeItem(cart, request.sku, request.seenVersion, request.now));

export type MergeCarts = {
  /** The caller's own. */
  readonly cartId: string;
  readonly callerId: string;
  /** The anonymous one. */
  readonly from: { readonly cartId: string; readonly secret: string };
  readonly now: EpochMs;
};

/**
 * The anonymous cart keeps its items and notes in the same write where they have gone, so a
 * repetition finds both and no other cart gets them. Errors: as `addToCart`, and `cart-merged`.
 */
export async function mergeIntoCart(
  { carts, orders }: EditCartPorts,
  { cartId, callerId, from, now }: MergeCarts,
): Promise<Cart> {
  const secretOnly: CartHolder = { secret: from.secret };
  return written(async () => {
    const anonymous = await heldCart(carts, { cartId: from.cartId, holder: secretOnly, now });
    const held = await heldCart(carts, { cartId, holder: { callerId }, now });
    const cart = await openCart(orders, held);
    const source = givenTo(anonymous, cartId);
    const next = mergeCart(cart, source, now);
    if (source === anonymous)
      return next === cart || (await carts.replace(next)) ? next : undefined;
    const others = next === cart ? [] : [next];
    return (await carts.replace(source, ...others)) ? next : undefined;
  });
}

const edited = (
  { carts, orders }: EditCartPorts,
  request: CartRequest & { readonly seenVersion?: number | undefined },
  change: (cart: Cart) => Cart,
): Promise<Cart> =>
  written(async () => {
    const cart = await openCart(orders, await heldCart(carts, request));
    if (request.seenVersion !== undefined) checkVersion(cart, request.seenVersion);
    const next = change(cart);
    return next === cart || (await carts.replace(next)) ? next : undefined;
  });

/** @param attempt reads, decides and writes; undefined: another wrote meanwhile. */
async function written(attempt: () => Promise<Cart | undefined>): Promise<Cart> {
  for (let made = 0; made < ATTEMPTS_MAX; made += 1) {
    try {
      const cart = await attempt();
      if (cart !== undefined) return cart;
    } catch (error) {
      // The next read tells whether the write took effect; then nothing is left to change.
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
    }
  }
  throw new Failure(
    "conflict",
    "retry",
    `The cart changed ${ATTEMPTS_MAX} times meanwhile; send the change again.`,
  );
}

/** One read. Throws `Failure` `unknown-sku` (reject). */
async function pricedItem(
  { catalogue }: Pick<EditCartPorts, "catalogue">,
  { sku, quantity, now }: { sku: string; quantity: number; now: EpochMs },
): Promise<CartItem> {
  const found = (await catalogue.prices([sku])).get(sku);
  if (found === undefined) {
    const detail = `The catalogue has no product ${sku}.`;
    const details = [{ pointer: "/sku", detail }];
    throw new Failure("unknown-sku", "reject", detail, { details });
  }
  const { currency, price: unitPrice, freight: unitFreight } = found;
  return { sku, quantity, price: { currency, unitPrice, unitFreight, at: now } };
}
