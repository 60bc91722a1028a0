/**
 * What every adapter that places orders must do. An adapter's own test file calls this with
 * placements and the carts that they order.
 */
import { expect, test } from "vitest";
import type { Commit } from "#messaging";
import { newCart } from "#services/orders/domain/cart";
import type { CartStore, OrderPlacements } from "#services/orders/ports";
import { commitOf, newOrder } from "#services/orders/usecases/order-stream";
import { facts, now } from "../support/order-samples.ts";

export type PlacementsUnderTest = {
  readonly placements: OrderPlacements;
  readonly carts: CartStore;
};

let made = 0;

/** Unknown to every other test. */
const freshId = (): string => {
  made += 1;
  return `${process.pid}${made}`.padStart(26, "0");
};

function firstCommit(orderId = freshId(), fingerprint = "print"): Commit {
  const placed = { type: "order.placed" as const, data: { ...facts, orderId } };
  return commitOf(newOrder(orderId), [placed], { now, fingerprint });
}

const referenceOf = (customerId = "ann") => ({ customerId, text: freshId() });

export function orderPlacementsContract(open: () => PlacementsUnderTest): void {
  async function givenCart() {
    const world = open();
    const cart = newCart(freshId(), { customerId: "ann" }, now);
    await world.carts.create(cart, now);
    return { ...world, cart: { cartId: cart.cartId, version: cart.version } };
  }

  test("an order is begun once; the second is told what stands there", async () => {
    const { placements } = open();
    const first = firstCommit();
    const other = firstCommit(first.stream, "other");

    expect(await placements.begin(first, {})).toEqual({ kind: "appended" });
    expect(await placements.begin(other, {})).toEqual({ kind: "exists", commit: first });
    expect(await placements.read(first.stream)).toEqual([first]);
  });

  test("a reference is its first order's, for that customer", async () => {
    const { placements } = open();
    const reference = referenceOf();
    const [first, second, bobs] = [firstCommit(), firstCommit(), firstCommit()];
    await placements.begin(first, { reference });

    expect(await placements.begin(second, { reference })).toEqual({
      kind: "reference-taken",
      orderId: first.stream,
    });
    expect(await placements.read(second.stream)).toEqual([]);
    const ofBob = { reference: { ...reference, customerId: "bob" } };
    expect(await placements.begin(bobs, ofBob)).toEqual({ kind: "appended" });
    expect(await placements.begin(first, { reference })).toEqual({ kind: "exists", commit: first });
  });

  test("a cart of that version becomes ordered with its order, and with no other", async () => {
    const { placements, carts, cart } = await givenCart();
    const [first, second] = [firstCommit(), firstCommit()];

    expect(await placements.begin(first, { cart })).toEqual({ kind: "appended" });
    expect(await placements.begin(second, { cart })).toEqual({ kind: "cart-changed" });
    expect(await placements.begin(first, { cart })).toEqual({ kind: "exists", commit: first });

    expect(await placements.read(second.stream)).toEqual([]);
    expect(await carts.read(cart.cartId)).toMatchObject({
      orderId: first.stream,
      version: cart.version + 1,
    });
  });

  test("a cart that is gone or has changed writes nothing, the reference neither", async () => {
    const { placements, carts, cart } = await givenCart();
    const reference = referenceOf();
    const order = firstCommit();

    const changed = await placements.begin(order, { cart: { ...cart, version: 9 }, reference });
    const gone = await placements.begin(order, { cart: { ...cart, cartId: "gone" }, reference });

    expect([changed.kind, gone.kind]).toEqual(["cart-changed", "cart-changed"]);
    expect(await placements.read(order.stream)).toEqual([]);
    expect((await carts.read(cart.cartId))?.orderId).toBeUndefined();
    expect(await placements.begin(order, { cart, reference })).toEqual({ kind: "appended" });
  });

  test("where another order took both, the cart is told: its order is the same one", async () => {
    const { placements, cart } = await givenCart();
    const reference = referenceOf();
    await placements.begin(firstCommit(), { cart, reference });

    expect(await placements.begin(firstCommit(), { cart, reference })).toEqual({
      kind: "cart-changed",
    });
  });

  test("a taken reference leaves the cart open", async () => {
    const { placements, carts, cart } = await givenCart();
    const reference = referenceOf();
    await placements.begin(firstCommit(), { reference });

    expect((await placements.begin(firstCommit(), { cart, reference })).kind).toBe(
      "reference-taken",
    );
    expect((await carts.read(cart.cartId))?.orderId).toBeUndefined();
  });

  test("of many orders from one cart at once, one is written", async () => {
    const { placements, carts, cart } = await givenCart();
    const orders = Array.from({ length: 6 }, () => firstCommit());

    const answers = await Promise.all(orders.map((order) => placements.begin(order, { cart })));

    const won = orders.filter((_order, index) => answers[index]?.kind === "appended");
    expect(won).toHaveLength(1);
    expect((await carts.read(cart.cartId))?.orderId).toBe(won[0]?.stream);
  });
}
