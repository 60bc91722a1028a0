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

/** Attempts of one write whose outcome stays unknown; each is followed by a read. */
const ATTEMPTS_MAX = 3;

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
  const commit = await firstCommit(ports, request, { orderId, placedAt, fingerprint });
  if (commit.kind === "refused") {
    // A product that left the catalogue must not change the answer to a repeated request.
    const first = await firstOf(ports.store, orderId);
    if (first === undefined) throw commit.cause;
    return repeated(first, fingerprint);
  }
  return append(ports.store, commit.commit);
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

async function append(store: OrderStore, commit: Commit): Promise<PlacedOrder> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await store.append(commit);
      if (answer.kind === "appended") return { orderId: commit.stream, repeated: false };
      return repeated(answer.commit, commit.fingerprint);
    } catch (error) {
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
      const first = await firstOf(store, commit.stream);
      if (first !== undefined) return found(first, commit);
      if (attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

const firstOf = async (store: OrderStore, orderId: string): Promise<Commit | undefined> =>
  (await store.read(orderId))[0];

/** After a lost answer: the write was ours if what stands there is what we wrote. */
const found = (first: Commit, ours: Commit): PlacedOrder =>
  canonicalJson(first) === canonicalJson(ours)
    ? { orderId: ours.stream, repeated: false }
    : repeated(first, ours.fingerprint);

function repeated(first: Commit, fingerprint: string | undefined): PlacedOrder {
  if (first.fingerprint === fingerprint) return { orderId: first.stream, repeated: true };
  throw new Failure(
    "idempotency-key-reused",
    "reject",
    `This Idempotency-Key stands for order ${first.stream}, placed with another body; ` +
      "use a new key for another order.",
  );
}
