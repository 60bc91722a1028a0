/**
 * Places an order. Its id follows from caller, route and idempotency key, so its first commit is
 * the idempotency record: one batch read of prices and one conditional write, and a repeated
 * request finds its own order. A reference or a cart is taken in that same write.
 */
import type { PlaceOrderBody } from "#contracts/http/orders";
import { Failure, isFailure } from "#kernel/failure";
import { canonicalJson, sha256Crockford26, sha256Hex } from "#kernel/hash";
import { type EpochMs, isoInstant, parseInstant } from "#kernel/units";
import type { AppendAnswer, Commit } from "#messaging";
import { commitFirst, findFirst } from "#messaging/idempotency/first-commit";
import { decide } from "../domain/order.ts";
import { priceOrder } from "../domain/price-order.ts";
import { DEFAULT_COUNTRY, PRICE_RULES } from "../domain/price-rules.ts";
import type { CartStore, Catalogue, OrderPlacements, PlacedBeside } from "../ports.ts";
import { type Basket, basketOf, inCart } from "./order-basket.ts";
import { commitOf, newOrder } from "./order-stream.ts";

export type PlaceOrderPorts = {
  readonly catalogue: Catalogue;
  readonly store: OrderPlacements;
  readonly carts: Pick<CartStore, "read">;
};

export type PlaceOrderRequest = {
  readonly caller: { readonly id: string; readonly scopes: readonly string[] };
  /** Part of the key's scope: one key may be used once on each route. */
  readonly route: string;
  readonly idempotencyKey: string;
  readonly body: PlaceOrderBody;
  readonly now: EpochMs;
  readonly traceparent?: string | undefined;
};

export type PlacedOrder = {
  readonly orderId: string;
  /** The order stood there before this request. */
  readonly repeated: boolean;
};

/** Of a placement whose cart changed while it was priced. */
const ATTEMPTS_MAX = 3;

/**
 * Throws `Failure`: `unknown-sku`, `price-changed`, `discount-refused`, `nothing-to-pay`,
 * `reference-taken`, `not-found`, `cart-ordered`, `precondition-failed`, `invalid-request`,
 * `insufficient-scope`, `idempotency-key-reused` (reject: the key stands for another body);
 * `store-throttled`, `outcome-unknown`, `conflict` (retry with the same key).
 */
export async function placeOrder(
  ports: PlaceOrderPorts,
  request: PlaceOrderRequest,
): Promise<PlacedOrder> {
  const identity = {
    placedAt: purchaseTime(request),
    orderId: orderIdOf(request),
    fingerprint: sha256Hex(canonicalJson(request.body)),
  };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    try {
      const decided = await firstCommit(ports, request, identity);
      if (decided.kind === "ordered") return { orderId: decided.orderId, repeated: true };
      const { commit, beside } = decided;
      const { earlier } = await commitFirst(placing(ports.store, beside), commit);
      return { orderId: identity.orderId, repeated: earlier !== undefined };
    } catch (error) {
      if (error instanceof CartChanged) continue;
      if (!isFailure(error) || error.action !== "reject") throw error;
      if (error.code === "idempotency-key-reused") throw error;
      // A product that left the catalogue, or a cart that is gone, must not change the answer to a
      // repeated request.
      const { orderId: stream, fingerprint } = identity;
      const { earlier } = await findFirst(ports.store, { stream, fingerprint });
      if (earlier === undefined) throw error;
      return { orderId: stream, repeated: true };
    }
  }
  throw new Failure("conflict", "retry", "The cart keeps changing; send the order again.");
}

/** Thrown past `commitFirst`; the next attempt reads what the cart has become. */
class CartChanged extends Error {
  override readonly name = "CartChanged";
}

const placing = (store: OrderPlacements, beside: PlacedBeside) => ({
  read: (...asked: Parameters<OrderPlacements["read"]>) => store.read(...asked),
  async append(commit: Commit): Promise<AppendAnswer> {
    const answer = await store.begin(commit, beside);
    switch (answer.kind) {
      case "appended":
      case "exists":
        return answer;
      case "reference-taken":
        throw referenceTaken(answer.orderId);
      case "cart-changed":
        throw new CartChanged("The cart is not what it was read as.");
      default:
        return answer satisfies never;
    }
  },
});

function referenceTaken(orderId: string): Failure {
  const detail = `Your order /v1/orders/${orderId} has this reference; give a new order a new one.`;
  return new Failure("reference-taken", "reject", detail, {
    details: [{ pointer: "/externalReference", detail }],
  });
}

/** 26 characters of Crockford's base 32; JSON keeps the three parts apart whatever they contain. */
export const orderIdOf = ({
  caller,
  route,
  idempotencyKey,
}: Pick<PlaceOrderRequest, "caller" | "route" | "idempotencyKey">): string =>
  sha256Crockford26(JSON.stringify([caller.id, route, idempotencyKey]));

function purchaseTime({ body, caller, now }: PlaceOrderRequest): EpochMs {
  if (body.placedAt === undefined) return now;
  if (!caller.scopes.includes("orders:import")) {
    throw new Failure(
      "insufficient-scope",
      "reject",
      "placedAt is accepted from clients with the scope orders:import only; leave it out.",
    );
  }
  const placedAt = parseInstant(body.placedAt);
  if (placedAt === undefined) throw wrongTime(`${body.placedAt} is not an RFC 3339 instant`);
  if (placedAt > now) throw wrongTime(`${body.placedAt} is later than now, ${isoInstant(now)}`);
  return placedAt;
}

const wrongTime = (detail: string): Failure =>
  new Failure("invalid-request", "reject", `placedAt cannot be: ${detail}.`, {
    details: [{ pointer: "/placedAt", detail }],
  });

type Identity = {
  readonly orderId: string;
  readonly placedAt: EpochMs;
  readonly fingerprint: string;
};

type FirstCommit =
  | { readonly kind: "priced"; readonly commit: Commit; readonly beside: PlacedBeside }
  | Extract<Basket, { readonly kind: "ordered" }>;

async function firstCommit(
  ports: PlaceOrderPorts,
  { body, caller, now, traceparent }: PlaceOrderRequest,
  { orderId, placedAt, fingerprint }: Identity,
): Promise<FirstCommit> {
  const basket = await basketOf(ports, { body, callerId: caller.id, fingerprint, now });
  if (basket.kind === "ordered") return basket;
  const { lines, expected, cart } = basket;
  const prices = await ports.catalogue.prices([...new Set(lines.map(({ sku }) => sku))]);
  const { country = DEFAULT_COUNTRY, discountCodes = [], externalReference: text } = body;
  const ask = { lines, country, discountCodes, expected, now };
  const facts = {
    orderId,
    customerId: caller.id,
    ...(text !== undefined && { externalReference: text }),
    placedAt,
    ...toldWhere(cart !== undefined, () => priceOrder(ask, prices, PRICE_RULES)),
  };
  const order = newOrder(orderId);
  const events = decide({ type: "place", facts }, order.state);
  const reference = text === undefined ? undefined : { customerId: caller.id, text };
  return {
    kind: "priced",
    commit: commitOf(order, events, { now, fingerprint, traceparent }),
    beside: { reference, cart },
  };
}

function toldWhere<Priced>(isCart: boolean, price: () => Priced): Priced {
  try {
    return price();
  } catch (error) {
    throw isCart && isFailure(error) ? inCart(error) : error;
  }
}
