// The carts' routes inside the onion: who may open which cart, what a change has to say, and what
// two devices get.
import { beforeEach, expect, test } from "vitest";
import { memoryCartStore } from "#adapters/memory/cart-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { memoryEventStore } from "#adapters/memory/event-store";
import { addItemBody, cartView, createdCart } from "#contracts/http/carts";
import { LINES_MAX } from "#contracts/http/orders";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { CART_LASTS, CART_LIMITS } from "#services/orders/domain/cart";
import { cartRoutes } from "../../../functions/orders/cart-routes.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { now } from "../../support/order-samples.ts";

let ports: Parameters<typeof cartRoutes>[0];
let secrets = 0;

beforeEach(() => {
  ports = {
    carts: memoryCartStore(),
    catalogue: memoryCatalogue([
      { sku: "lamp", currency: "BRL", price: 1299, freight: 1 },
      { sku: "chair", currency: "BRL", price: 4990, freight: 0 },
    ]),
    orders: memoryEventStore(),
    newSecret: () => `secret-${(secrets += 1)}`,
  };
});

/** A token is the name of its subject here; bob's has no scope. */
const verifier = {
  verify: async (token: string) => ({
    id: token,
    scopes: token === "bob" ? [] : ["carts:write"],
  }),
};

async function call(request: GatewayRequest, as: Record<string, string>, at: EpochMs = now) {
  const handler = httpFunction(
    { service: "orders", verifier, routes: cartRoutes(ports) },
    countedSurroundings(at),
    untraced,
  );
  const headers = { ...as, ...request.headers };
  const answer = await handler(gatewayEvent({ ...request, headers }), lambdaContext());
  return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> };
}

const token = (name: string) => ({ Authorization: `Bearer ${name}` });
const ann = token("ann");
const create = (key = "create"): GatewayRequest => ({
  method: "POST",
  resource: "/v1/carts",
  headers: { "Idempotency-Key": key },
  body: {},
});
const read = (cartId: string): GatewayRequest => ({
  method: "GET",
  resource: "/v1/carts/{cartId}",
  parameters: { cartId },
});
const add = (cartId: string, key: string, body: unknown): GatewayRequest => ({
  method: "POST",
  resource: "/v1/carts/{cartId}/items",
  parameters: { cartId },
  headers: { "Idempotency-Key": key },
  body,
});
const oneLamp = { sku: "lamp", quantity: 1 };
const onItem = (
  method: "PATCH" | "DELETE",
  cartId: string,
  body: unknown,
  headers: Record<string, string> = {},
): GatewayRequest => ({
  method,
  resource: "/v1/carts/{cartId}/items/{sku}",
  parameters: { cartId, sku: "lamp" },
  headers,
  ...(body === undefined ? {} : { body }),
});

async function annsCart(): Promise<string> {
  return createdCart.parse((await call(create(), ann)).json).cartId;
}

async function anonymousCart() {
  const { cartId, secret = "" } = createdCart.parse((await call(create(), {})).json);
  return { cartId, holder: { "Cart-Secret": secret }, secret };
}

test("a customer's cart is created once for a key and is nobody else's", async () => {
  const first = await call(create("k"), ann);
  const again = await call(create("k"), ann);
  const { cartId } = createdCart.parse(first.json);

  expect(first.statusCode).toBe(201);
  expect(first.headers?.["location"]).toBe(`/v1/carts/${cartId}`);
  expect(again.body).toBe(first.body);
  expect(first.json).not.toHaveProperty("secret");
  expect((await call(read(cartId), token("eve"))).statusCode).toBe(404);
  expect((await call(read(cartId), { "Cart-Secret": "guess" })).statusCode).toBe(404);
  expect((await call(read(cartId), {})).statusCode).toBe(401);
});

test("an anonymous cart opens with its secret, told once and stored as a digest", async () => {
  const { cartId, holder, secret } = await anonymousCart();

  const seen = await call(read(cartId), holder);

  expect(seen.statusCode).toBe(200);
  expect(seen.body).not.toContain(secret);
  expect(JSON.stringify(await ports.carts.read(cartId))).not.toContain(secret);
  expect((await call(read(cartId), { "Cart-Secret": "guess" })).statusCode).toBe(404);
  expect((await call(read(cartId), ann)).statusCode).toBe(404);
});

test("a token that is sent needs the scope, though none need be sent", async () => {
  const answer = await call(create(), token("bob"));

  expect(answer.statusCode).toBe(403);
  expect(answer.headers?.["www-authenticate"]).toContain('scope="carts:write"');
});

test("an expired cart is as good as none, though its item is still there", async () => {
  const cartId = await annsCart();

  const last = (now + CART_LASTS - 1) as EpochMs;
  const gone = (now + CART_LASTS) as EpochMs;
  expect((await call(read(cartId), ann, last)).statusCode).toBe(200);
  expect((await call(read(cartId), ann, gone)).statusCode).toBe(404);
  expect((await call(add(cartId, "k", oneLamp), ann, gone)).statusCode).toBe(404);
});

test("an item keeps its price; reading shows the price of the day beside it", async () => {
  const cartId = await annsCart();
  await call(add(cartId, "k", oneLamp), ann);
  ports = {
    ...ports,
    catalogue: memoryCatalogue([{ sku: "lamp", currency: "BRL", price: 1500, freight: 1 }]),
  };

  const seen = await call(read(cartId), ann);

  expect(cartView.parse(seen.json).items).toEqual([
    {
      sku: "lamp",
      quantity: 1,
      price: { currency: "BRL", unitPrice: 1299, unitFreight: 1 },
      pricedAt: new Date(now).toISOString(),
      current: { currency: "BRL", unitPrice: 1500, unitFreight: 1 },
    },
  ]);
  ports = { ...ports, catalogue: memoryCatalogue([]) };
  const gone = await call(read(cartId), ann);
  expect(cartView.parse(gone.json).items[0]?.current).toBeNull();
});

test("an add is once for its key, and a key stands for one add", async () => {
  const cartId = await annsCart();

  const first = await call(add(cartId, "k", oneLamp), ann);
  const again = await call(add(cartId, "k", oneLamp), ann);
  const other = await call(add(cartId, "k", { sku: "lamp", quantity: 2 }), ann);

  expect(again.body).toBe(first.body);
  expect(cartView.parse(again.json).items).toMatchObject([{ sku: "lamp", quantity: 1 }]);
  expect(other.statusCode).toBe(422);
});

test("a change names the version it saw, by If-Match or in its body", async () => {
  const cartId = await annsCart();
  const added = await call(add(cartId, "k", oneLamp), ann);
  const tag = String(added.headers?.["etag"]);

  const none = await call(onItem("PATCH", cartId, { quantity: 3 }), ann);
  const set = await call(onItem("PATCH", cartId, { quantity: 3 }, { "If-Match": tag }), ann);
  const stale = await call(onItem("PATCH", cartId, { quantity: 4, version: 2 }), ann);
  const ahead = await call(onItem("PATCH", cartId, { quantity: 4, version: 99 }), ann);
  const unsaid = await call(onItem("DELETE", cartId, undefined), ann);
  const odd = await call(onItem("DELETE", cartId, undefined, { "If-Match": "*" }), ann);
  const two = await call(
    onItem("PATCH", cartId, { quantity: 4, version: 3 }, { "If-Match": '"2"' }),
    ann,
  );

  expect(tag).toBe('"2"');
  expect([none, set, stale, ahead, unsaid, odd, two].map((answer) => answer.statusCode)).toEqual([
    428, 200, 412, 412, 428, 400, 400,
  ]);
  expect(cartView.parse(set.json).items).toMatchObject([{ quantity: 3 }]);
});

test("a delete by a device that had not seen an add leaves the add", async () => {
  const cartId = await annsCart();
  const seen = await call(add(cartId, "k1", oneLamp), ann);
  await call(add(cartId, "k2", { sku: "lamp", quantity: 5 }), ann);
  const tag = { "If-Match": String(seen.headers?.["etag"]) };

  const removed = await call(onItem("DELETE", cartId, undefined, tag), ann);
  const again = await call(onItem("DELETE", cartId, undefined, tag), ann);

  expect(cartView.parse(removed.json).items).toMatchObject([{ sku: "lamp", quantity: 5 }]);
  expect(again.body).toBe(removed.body);
});

test("an anonymous cart is merged into the caller's, as often as it is sent", async () => {
  const cartId = await annsCart();
  const anonymous = await anonymousCart();
  await call(add(anonymous.cartId, "k", oneLamp), anonymous.holder);
  const merge = (body: unknown): GatewayRequest => ({
    method: "POST",
    resource: "/v1/carts/{cartId}/merge",
    parameters: { cartId },
    body,
  });
  const from = { cartId: anonymous.cartId, secret: anonymous.secret };

  const first = await call(merge(from), ann);
  const again = await call(merge(from), ann);

  expect(cartView.parse(first.json).items).toMatchObject([{ sku: "lamp", quantity: 1 }]);
  expect(again.body).toBe(first.body);
  expect((await call(merge({ ...from, secret: "guess" }), ann)).statusCode).toBe(404);
  expect((await call(merge(from), token("eve"))).statusCode).toBe(404);
  expect((await call(merge(from), anonymous.holder)).statusCode).toBe(401);
});

test.each([
  { name: "an unknown field", body: { ...oneLamp, price: 1 }, status: 400, says: "/price" },
  { name: "no SKU", body: { quantity: 1 }, status: 400, says: "/sku" },
  { name: "no units", body: { sku: "lamp", quantity: 0 }, status: 400, says: "/quantity" },
  { name: "half a unit", body: { sku: "lamp", quantity: 0.5 }, status: 400, says: "/quantity" },
  { name: "too many", body: { sku: "lamp", quantity: 1001 }, status: 400, says: "/quantity" },
  { name: "a text", body: { sku: "lamp", quantity: "1" }, status: 400, says: "/quantity" },
  { name: "a hostile SKU", body: { sku: "x'; --", quantity: 1 }, status: 400, says: "/sku" },
  { name: "an unknown SKU", body: { sku: "sofa", quantity: 1 }, status: 422, says: "/sku" },
])("an add with $name is refused and changes nothing", async ({ body, status, says }) => {
  const cartId = await annsCart();

  const answer = await call(add(cartId, "k", body), ann);

  expect(answer.statusCode).toBe(status);
  expect(answer.body).toContain(says);
  expect((await ports.carts.read(cartId))?.version).toBe(1);
});

test("the bounds of a cart are those of an order", () => {
  expect(CART_LIMITS.skus).toBe(LINES_MAX);
  const most = { sku: "lamp", quantity: CART_LIMITS.quantity };
  expect(addItemBody.safeParse(most).success).toBe(true);
  expect(addItemBody.safeParse({ ...most, quantity: most.quantity + 1 }).success).toBe(false);
});
