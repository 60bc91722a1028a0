// A cart's rules: two devices at once, bounds, repetitions and merging on login.
import { assert, array, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  addItem,
  type Cart,
  CART_LIMITS,
  cartLines,
  checkVersion,
  mergeCart,
  newCart,
  removeItem,
  setQuantity,
} from "#services/orders/domain/cart";
import { now } from "../../support/order-samples.ts";

const price = { currency: "BRL", unitPrice: 1000, unitFreight: 0, at: now };
const of = (sku: string, quantity: number) => ({ sku, quantity, price });
const tomorrow = (now + 86_400_000) as EpochMs;
const empty = newCart("cart-1", { customerId: "ann" }, now);
let names = 0;
const add = (cart: Cart, sku: string, quantity: number, key = `add-${(names += 1)}`): Cart =>
  addItem(cart, of(sku, quantity), { key, payload: `${quantity} ${sku}` });
const contents = (cart: Cart) =>
  Object.fromEntries(cartLines(cart).map(({ sku, quantity }) => [sku, quantity]));
const refusal = (act: () => unknown): Failure => {
  try {
    act();
  } catch (error) {
    return error as Failure;
  }
  throw new Error("it was not refused");
};

test("adds of two devices that saw the same version are both there", () => {
  const seen = add(empty, "chair", 1);

  const both = add(add(seen, "lamp", 2), "chair", 3);

  expect(contents(both)).toEqual({ chair: 4, lamp: 2 });
  expect(both.version).toBe(seen.version + 2);
});

test("an add that is sent again takes effect once", () => {
  const once = add(empty, "chair", 1, "key-1");

  expect(add(once, "chair", 1, "key-1")).toBe(once);
  expect(refusal(() => add(once, "chair", 2, "key-1")).code).toBe("idempotency-key-reused");
});

test("a remove takes what its device had seen; a later add of another device stays", () => {
  const seen = add(empty, "chair", 2);
  const later = add(seen, "chair", 5);

  const removed = removeItem(later, "chair", seen.version, now);

  expect(contents(removed)).toEqual({ chair: 5 });
  expect(removeItem(removed, "chair", seen.version, now)).toBe(removed);
  expect(contents(removeItem(removed, "chair", removed.version, now))).toEqual({});
});

test("a quantity is set over all that was seen, whatever else has changed", () => {
  const seen = add(add(empty, "chair", 2), "chair", 1);
  const later = add(seen, "lamp", 1);

  expect(contents(setQuantity(later, of("chair", 7), seen.version))).toEqual({
    chair: 7,
    lamp: 1,
  });
});

test("a quantity is refused where the same SKU has changed since, but not for itself", () => {
  const seen = add(empty, "chair", 2);
  const set = setQuantity(seen, of("chair", 4), seen.version);

  expect(setQuantity(set, of("chair", 4), seen.version)).toBe(set);
  expect(refusal(() => setQuantity(set, of("chair", 5), seen.version))).toMatchObject({
    code: "precondition-failed",
    action: "reject",
  });
});

test("a quantity of what is not there is refused; what was removed meanwhile is back", () => {
  const seen = add(empty, "chair", 2);
  const removed = removeItem(seen, "chair", seen.version, now);

  expect(refusal(() => setQuantity(empty, of("chair", 1), empty.version)).code).toBe("not-found");
  expect(contents(setQuantity(removed, of("chair", 1), seen.version))).toEqual({ chair: 1 });
});

test("a version that the cart never had is refused", () => {
  expect(() => checkVersion(empty, empty.version)).not.toThrow();
  expect(refusal(() => checkVersion(empty, empty.version + 1)).code).toBe("precondition-failed");
});

test("a line has the price of its latest add", () => {
  const later = { ...of("chair", 1), price: { ...price, unitPrice: 2000, at: tomorrow } };

  const [line] = cartLines(addItem(add(empty, "chair", 2), later, { key: "k", payload: "" }));

  expect(line).toMatchObject({ quantity: 3, price: { unitPrice: 2000 } });
});

test("many adds of one SKU are kept in few entries, and none is lost", () => {
  let cart = empty;
  for (let times = 0; times < 100; times += 1) cart = add(cart, "chair", 1);

  expect(contents(cart)).toEqual({ chair: 100 });
  expect(cart.items.entries.length).toBeLessThanOrEqual(CART_LIMITS.entriesPerSku);
  expect(cart.recentAdds).toHaveLength(CART_LIMITS.recentAdds);
});

test("a cart is bounded in SKUs, units and merged carts; what is over is refused whole", () => {
  let most = empty;
  for (let index = 0; index < CART_LIMITS.skus; index += 1) most = add(most, `sku-${index}`, 1);
  const units = add(empty, "chair", CART_LIMITS.quantity);
  let many = empty;
  for (let index = 1; index < CART_LIMITS.replicas + 1; index += 1) {
    many = mergeCart(many, add(newCart(`c${index}`, { secretHash: "x" }, now), "chair", 1), now);
  }

  expect(refusal(() => add(most, "one-more", 1)).code).toBe("cart-full");
  expect(refusal(() => add(units, "chair", 1)).code).toBe("cart-full");
  const another = add(newCart("another", { secretHash: "x" }, now), "chair", 1);
  expect(refusal(() => mergeCart(many, another, now)).code).toBe("cart-full");
});

test("an anonymous cart is merged on login; again it brings only what is new in it", () => {
  const anonymous = add(newCart("anon", { secretHash: "x" }, now), "lamp", 2);
  const merged = mergeCart(add(empty, "chair", 1), anonymous, now);

  expect(contents(merged)).toEqual({ chair: 1, lamp: 2 });
  expect(mergeCart(merged, anonymous, now)).toBe(merged);
  const without = removeItem(merged, "lamp", merged.version, now);
  expect(contents(mergeCart(without, add(anonymous, "clock", 1), now))).toEqual({
    chair: 1,
    clock: 1,
  });
});

test("a remove by a device that has not seen the merge leaves what came with it", () => {
  const mine = add(empty, "lamp", 1);
  const merged = mergeCart(mine, add(newCart("anon", { secretHash: "x" }, now), "lamp", 2), now);

  expect(contents(removeItem(merged, "lamp", mine.version, now))).toEqual({ lamp: 2 });
});

test("whatever two devices do by the versions they saw, no add of the other is lost", () => {
  const edit = record({
    remove: constantFrom(true, false, false),
    sku: constantFrom("chair", "lamp"),
    quantity: integer({ min: 1, max: 5 }),
    /** How many versions ago the device last looked. */
    behind: integer({ min: 0, max: 4 }),
  });
  assert(
    property(array(edit, { maxLength: 40 }), (edits) => {
      let cart = empty;
      for (const { remove, sku, quantity, behind } of edits) {
        const seen = Math.max(1, cart.version - behind);
        const unseen = cart.items.entries.filter(
          ({ dot, item }) => item.sku === sku && dot.number > seen,
        );
        const before = contents(cart)[sku] ?? 0;
        cart = remove ? removeItem(cart, sku, seen, now) : add(cart, sku, quantity);
        const kept = unseen.reduce((sum, { item }) => sum + item.quantity, 0);
        expect(contents(cart)[sku] ?? 0).toBe(remove ? kept : before + quantity);
      }
    }),
  );
});
