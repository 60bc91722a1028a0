// Where the items of an anonymous cart go: into one cart, once, whatever comes in between.
import { beforeEach, expect, test } from "vitest";
import { memoryCartStore } from "#adapters/memory/cart-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { memoryEventStore } from "#adapters/memory/event-store";
import { Failure } from "#kernel/failure";
import { cartLines } from "#services/orders/domain/cart";
import type { CartStore } from "#services/orders/ports";
import { createCart } from "#services/orders/usecases/create-cart";
import { addToCart, mergeIntoCart } from "#services/orders/usecases/edit-cart";
import { now } from "../../support/order-samples.ts";

let ports: Parameters<typeof addToCart>[0];
let secrets = 0;

beforeEach(() => {
  ports = {
    carts: memoryCartStore(),
    catalogue: memoryCatalogue([{ sku: "lamp", currency: "BRL", price: 1299, freight: 1 }]),
    orders: memoryEventStore(),
  };
});

const newSecret = () => `secret-${(secrets += 1)}`;

async function cartOf(id: string, idempotencyKey = "create"): Promise<string> {
  const customer = { id, route: "POST /v1/carts", idempotencyKey };
  return (await createCart({ ...ports, newSecret }, { customer, now })).cart.cartId;
}

async function anonymousLamp() {
  const { cart, secret = "" } = await createCart({ ...ports, newSecret }, { now });
  const from = { cartId: cart.cartId, secret };
  await addLamp(from, "first");
  return from;
}

const addLamp = (cart: { readonly cartId: string; readonly secret: string }, key: string) =>
  addToCart(ports, {
    cartId: cart.cartId,
    holder: { secret: cart.secret },
    sku: "lamp",
    quantity: 1,
    idempotencyKey: key,
    now,
  });

test("what an anonymous cart held is given to one cart and to no other one after it", async () => {
  const from = await anonymousLamp();
  const [first, next] = [await cartOf("ann"), await cartOf("ann", "after the order")];
  const eves = await cartOf("eve");

  await mergeIntoCart(ports, { cartId: first, callerId: "ann", from, now });
  const again = mergeIntoCart(ports, { cartId: next, callerId: "ann", from, now });
  const hers = mergeIntoCart(ports, { cartId: eves, callerId: "eve", from, now });

  await expect(again).rejects.toMatchObject({ code: "cart-merged", action: "reject" });
  const told = await hers.catch((error: unknown) => error as Failure);
  expect(told).toMatchObject({ code: "cart-merged" });
  expect((told as Failure).message).not.toContain(first);
  expect((await ports.carts.read(eves))?.items.entries).toEqual([]);
});

test("what is put into an anonymous cart afterwards goes to the same cart", async () => {
  const from = await anonymousLamp();
  const merge = { cartId: await cartOf("ann"), callerId: "ann", from, now };
  await mergeIntoCart(ports, merge);
  await addLamp(from, "second");

  const late = await mergeIntoCart(ports, merge);

  expect(cartLines(late)).toMatchObject([{ sku: "lamp", quantity: 2 }]);
  expect(await mergeIntoCart(ports, merge)).toEqual(late);
});

test("a merge that another overtakes and whose answer gets lost is one merge", async () => {
  const from = await anonymousLamp();
  const cartId = await cartOf("ann");
  const { carts } = ports;
  const replace: CartStore["replace"] = (...all) => carts.replace(...all);
  const failures = [async () => false, lostAfter(replace)];
  const failing: CartStore = {
    ...carts,
    replace: (...all) => (failures.shift() ?? replace)(...all),
  };

  const merge = { cartId, callerId: "ann", from, now };
  const merged = await mergeIntoCart({ ...ports, carts: failing }, merge);

  expect(failures).toEqual([]);
  expect(merged.version).toBe(2);
  expect(cartLines(merged)).toMatchObject([{ sku: "lamp", quantity: 1 }]);
});

const lostAfter =
  (replace: CartStore["replace"]): CartStore["replace"] =>
  async (...all) => {
    await replace(...all);
    throw new Failure("outcome-unknown", "retry", "lost");
  };
