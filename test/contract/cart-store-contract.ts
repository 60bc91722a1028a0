/**
 * What every cart store must do. An adapter's own test file calls this with a store.
 */
import { expect, test } from "vitest";
import { addItem, type Cart, newCart } from "#services/orders/domain/cart";
import type { CartStore } from "#services/orders/ports";
import type { EpochMs } from "#kernel/units";
import { now } from "../support/order-samples.ts";

let carts = 0;

const fresh = (owner: Cart["owner"] = { customerId: "ann" }): Cart => {
  carts += 1;
  return newCart(`${"0".repeat(20)}${String(carts).padStart(6, "0")}`, owner, now);
};

const withChair = (cart: Cart): Cart =>
  addItem(
    cart,
    {
      sku: "chair",
      quantity: 2,
      price: { currency: "BRL", unitPrice: 4990, unitFreight: 1329, at: now },
    },
    { key: "key-1", payload: "2 chairs" },
  );

export function cartStoreContract(open: () => CartStore): void {
  test("an unknown cart is undefined", async () => {
    expect(await open().read("nobody")).toBeUndefined();
  });

  test("a created cart is read back as it is, and is not created again", async () => {
    const store = open();
    const cart = withChair(fresh({ secretHash: "digest" }));
    const other = { ...cart, owner: { customerId: "bob" } };

    expect(await store.create(cart, now)).toEqual(cart);
    expect(await store.create(other, now)).toEqual(cart);
    expect(await store.read(cart.cartId)).toEqual(cart);
  });

  test("an expired cart makes room for a new one", async () => {
    const store = open();
    const old = withChair(fresh());
    await store.create(old, now);
    const later = newCart(old.cartId, old.owner, old.expiresAt);

    const before = (old.expiresAt - 1) as EpochMs;
    expect(await store.create(later, before)).toEqual(old);
    expect(await store.create(later, old.expiresAt)).toEqual(later);
  });

  test("a cart is replaced by its next version, once", async () => {
    const store = open();
    const cart = fresh();
    await store.create(cart, now);
    const next = withChair(cart);

    expect(await store.replace(next)).toBe(true);
    expect(await store.replace({ ...next, orderId: "other" })).toBe(false);
    expect(await store.read(cart.cartId)).toEqual(next);
  });

  test("of many replacements at once, one wins", async () => {
    const store = open();
    const cart = fresh();
    await store.create(cart, now);

    const answers = await Promise.all([1, 2, 3, 4].map(() => store.replace(withChair(cart))));

    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test("of carts that are replaced together all are or none", async () => {
    const store = open();
    const [one, other] = [fresh(), fresh({ secretHash: "digest" })];
    await store.create(one, now);
    await store.create(other, now);
    const next = withChair(one);
    const given = { ...other, version: 2, mergedInto: one.cartId };

    expect(await store.replace({ ...given, version: 3 }, next)).toBe(false);
    expect(await store.replace(given, { ...next, version: 3 })).toBe(false);
    expect([await store.read(one.cartId), await store.read(other.cartId)]).toEqual([one, other]);
    expect(await store.replace(given, next)).toBe(true);
    expect([await store.read(one.cartId), await store.read(other.cartId)]).toEqual([next, given]);
  });

  test("a cart that does not exist is not replaced", async () => {
    const store = open();
    const cart = fresh();

    expect(await store.replace(withChair(cart))).toBe(false);
    expect(await store.read(cart.cartId)).toBeUndefined();
  });

  test("an order that was given up can be taken out of its cart", async () => {
    const store = open();
    const ordered = { ...withChair(fresh()), orderId: "0123456789ABCDEFGHJKMNPQRS" };
    await store.create(ordered, now);
    const { orderId: _given, ...reopened } = ordered;

    await store.replace({ ...reopened, version: reopened.version + 1 });

    expect(await store.read(ordered.cartId)).toEqual({
      ...reopened,
      version: reopened.version + 1,
    });
  });
}
