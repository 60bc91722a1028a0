/**
 * Places an order. Its id follows from caller, route and idempotency key, so its first commit is
 * the idempotency record: one batch read of prices and one conditional write, and a repeated
 * request finds its own order.
 */
import type { PlaceOrderBody } from "#contracts/http/orders";
import { Failure, isFailure } from "#kernel/failure";
import { canonicalJson, sha256Crockford26, sha256Hex } from "#kernel/hash";
import { type EpochMs, isoInstant, parseInstant } from "#kernel/units";
import type { Commit } from "#messaging";
import { commitFirst, findFirst } from "#messaging/idempotency/first-commit";
import { decide } from "../domain/order.ts";
import { priceLines } from "../domain/pricing.ts";
import type { Catalogue, OrderStore } from "../ports.ts";
import { commitOf, newOrder } from "./order-stream.ts";

export type PlaceOrderPorts = { readonly catalogue: Catalogue; readonly store: OrderStore };

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

/**
 * Throws `Failure`: `unknown-sku`, `invalid-request`, `insufficient-scope`,
 * `idempotency-key-reused` (reject: the key stands for another body); `store-throttled`,
 * `outcome-unknown` (retry with the same key).
 */
export async function placeOrder(
  ports: PlaceOrderPorts,
  request: PlaceOrderRequest,
): Promise<PlacedOrder> {
  const placedAt = purchaseTime(request);
  const orderId = orderIdOf(request);
  const fingerprint = sha256Hex(canonicalJson(request.body));
  const decided = await firstCommit(ports, request, { orderId, placedAt, fingerprint });
  if (decided.kind === "priced") {
    const { earlier } = await commitFirst(ports.store, decided.commit);
    return { orderId, repeated: earlier !== undefined };
  }
  // A product that left the catalogue must not change the answer to a repeated request.
  const { earlier } = await findFirst(ports.store, { stream: orderId, fingerprint });
  if (earlier === undefined) throw decided.cause;
  return { orderId, repeated: true };
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

type FirstCommit =
  | { readonly kind: "priced"; readonly commit: Commit }
  | { readonly kind: "refused"; readonly cause: Failure };

async function firstCommit(
  { catalogue }: PlaceOrderPorts,
  { body, caller, now, traceparent }: PlaceOrderRequest,
  identity: { orderId: string; placedAt: EpochMs; fingerprint: string },
): Promise<FirstCommit> {
  const { orderId, placedAt, fingerprint } = identity;
  try {
    const prices = await catalogue.prices([...new Set(body.lines.map(({ sku }) => sku))]);
    const facts = {
      orderId,
      customerId: caller.id,
      ...(body.externalReference !== undefined && { externalReference: body.externalReference }),
      placedAt,
      ...priceLines(body.lines, prices),
    };
    const order = newOrder(orderId);
    const events = decide({ type: "place", facts }, order.state);
    return { kind: "priced", commit: commitOf(order, events, { now, fingerprint, traceparent }) };
  } catch (error) {
    if (isFailure(error) && error.action === "reject") return { kind: "refused", cause: error };
    throw error;
  }
}
