/**
 * Creates a cart: a customer's by the key of the request, or anonymous with a secret that is told
 * once.
 */
import { Failure } from "#kernel/failure";
import { sha256Crockford26, sha256Hex } from "#kernel/hash";
import type { NewId } from "#kernel/ids";
import type { EpochMs } from "#kernel/units";
import { type Cart, newCart } from "../domain/cart.ts";
import type { CartStore } from "../ports.ts";

export type CreateCartPorts = {
  readonly carts: Pick<CartStore, "create">;
  /** At least 128 random bits each. */
  readonly newSecret: NewId;
};

export type CreateCartRequest = {
  readonly now: EpochMs;
  /** A customer's cart: its id follows from these, so a repeated request finds it. */
  readonly customer?:
    | { readonly id: string; readonly route: string; readonly idempotencyKey: string }
    | undefined;
};

export type CreatedCart = { readonly cart: Cart; readonly secret?: string };

/** One write. */
export async function createCart(
  { carts, newSecret }: CreateCartPorts,
  { customer, now }: CreateCartRequest,
): Promise<CreatedCart> {
  if (customer !== undefined) {
    const { id, route, idempotencyKey } = customer;
    const cartId = sha256Crockford26(JSON.stringify([id, route, idempotencyKey]));
    return { cart: await carts.create(newCart(cartId, { customerId: id }, now), now) };
  }
  const secret = newSecret();
  const secretHash = sha256Hex(secret);
  const cart = newCart(sha256Crockford26(newSecret()), { secretHash }, now);
  const { owner } = await carts.create(cart, now);
  if ("secretHash" in owner && owner.secretHash === secretHash) return { cart, secret };
  throw new Failure("conflict", "retry", "Another cart has this id; ask for one again.");
}
