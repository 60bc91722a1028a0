/**
 * Carts over HTTP: created, read, merged; what is in them has routes of its own.
 */
import { createCartBody, type CreatedCart, mergeCartBody } from "#contracts/http/carts";
import { callerOf } from "#runtime/caller";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { createCart, type CreateCartPorts } from "#services/orders/usecases/create-cart";
import { type EditCartPorts, mergeIntoCart } from "#services/orders/usecases/edit-cart";
import { cartView, viewCart } from "#services/orders/usecases/view-cart";
import { answer } from "./cart-answer.ts";
import { cartItemRoutes } from "./cart-item-routes.ts";
import { held } from "./cart-request.ts";

const CREATE = "POST /v1/carts";

export const cartRoutes = (ports: EditCartPorts & CreateCartPorts): readonly HttpRoute[] => [
  route({
    route: CREATE,
    bodySchema: createCartBody,
    async handle({ subject, headers, now }) {
      const customer =
        subject === undefined
          ? undefined
          : { id: subject.id, route: CREATE, idempotencyKey: idempotencyKey(headers) };
      const { cart, secret } = await createCart(ports, { customer, now });
      const body: CreatedCart = { ...cartView(cart), ...(secret !== undefined && { secret }) };
      const created = answer(body, 201);
      const location = `/v1/carts/${cart.cartId}`;
      return { ...created, headers: { ...created.headers, location } };
    },
  }),
  route({
    route: "GET /v1/carts/{cartId}",
    handle: async (request) => answer(await viewCart(ports, held(request))),
  }),
  route({
    route: "POST /v1/carts/{cartId}/merge",
    bodySchema: mergeCartBody,
    async handle(request) {
      const { id: callerId } = callerOf(request);
      const { cartId, now } = held(request);
      const merge = { cartId, callerId, from: request.body, now };
      return answer(cartView(await mergeIntoCart(ports, merge)));
    },
  }),
  ...cartItemRoutes(ports),
];
