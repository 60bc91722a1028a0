/**
 * What an order is placed from: the lines of its request, or the customer's cart as it was when he
 * agreed to it.
 */
import type { PlaceOrderBody } from "#contracts/http/orders";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { type Cart, cartLines } from "../domain/cart.ts";
import type { ExpectedPrice } from "../domain/price-order.ts";
import type { WantedLine } from "../domain/pricing.ts";
import type { CartStore, OrderPlacements, PlacedBeside } from "../ports.ts";
import { heldCart, isGivenUp } from "./open-cart.ts";

export type BasketPorts = {
  readonly store: Pick<OrderPlacements, "read">;
  readonly carts: Pick<CartStore, "read">;
};

export type Basket =
  | {
      readonly kind: "filled";
      readonly lines: readonly WantedLine[];
      readonly expected: readonly ExpectedPrice[];
      readonly cart: PlacedBeside["cart"];
    }
  /** The same was ordered from this cart before, under another key. */
  | { readonly kind: "ordered"; readonly orderId: string };

export type BasketRequest = {
  readonly body: PlaceOrderBody;
  readonly callerId: string;
  readonly fingerprint: string;
  readonly now: EpochMs;
};

/**
 * No read for lines; one for a cart, and one more where it has been ordered. Throws `Failure`:
 * `not-found`, `cart-ordered`, `precondition-failed`, `invalid-request` (reject).
 */
export async function basketOf(ports: BasketPorts, request: BasketRequest): Promise<Basket> {
  const { body, callerId, fingerprint, now } = request;
  const { lines, cartId, cartVersion, expectedPrices = [] } = body;
  const said = expectedPrices.map((price, index) => ({
    ...price,
    pointer: `/expectedPrices/${index}`,
  }));
  if (lines !== undefined) return { kind: "filled", lines, expected: said, cart: undefined };
  const cart = await heldCart(ports.carts, { cartId: cartId ?? "", holder: { callerId }, now });
  if (cart.orderId !== undefined) {
    const commits = await ports.store.read(cart.orderId);
    if (!isGivenUp(commits)) {
      if (commits[0]?.fingerprint === fingerprint)
        return { kind: "ordered", orderId: cart.orderId };
      const detail = `The cart is ordered: /v1/orders/${cart.orderId}.`;
      throw new Failure("cart-ordered", "reject", detail);
    }
  }
  if (cart.version !== cartVersion) throw otherVersion(cart);
  const items = cartLines(cart);
  if (items.length === 0) throw empty();
  const named = new Set(expectedPrices.map(({ sku }) => sku));
  const snapshots = items.flatMap(({ sku, price }, index): ExpectedPrice[] =>
    named.has(sku) ? [] : [{ sku, pointer: `${CART_POINTER}/${index}/price`, ...price }],
  );
  return {
    kind: "filled",
    lines: items,
    expected: [...said, ...snapshots],
    cart: { cartId: cart.cartId, version: cart.version },
  };
}

/** Pointers below `/cart` are into the cart as it is read. */
const CART_POINTER = "/cart/items";

/** What is wrong with a line of a cart, told where its customer finds it. */
export const inCart = (failure: Failure): Failure =>
  new Failure(failure.code, failure.action, failure.message, {
    cause: failure,
    details: failure.details.map((detail) => ({
      ...detail,
      pointer: detail.pointer.replace(/^\/lines(?=\/|$)/, CART_POINTER),
    })),
  });

function otherVersion({ version }: Cart): Failure {
  const detail = `The cart is at version ${version}; read it and order what is in it now.`;
  const details = [{ pointer: "/cartVersion", detail }];
  return new Failure("precondition-failed", "reject", detail, { details });
}

function empty(): Failure {
  const detail = "The cart is empty.";
  return new Failure("invalid-request", "reject", detail, {
    details: [{ pointer: "/cartId", detail }],
  });
}
