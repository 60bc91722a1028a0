/**
 * What is in a cart, changed over HTTP: an add by its key, the others by the version that was seen.
 */
import { addItemBody, setQuantityBody } from "#contracts/http/carts";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import {
  addToCart,
  type EditCartPorts,
  removeFromCart,
  setCartQuantity,
} from "#services/orders/usecases/edit-cart";
import { cartView } from "#services/orders/usecases/view-cart";
import { answer } from "./cart-answer.ts";
import { givenVersion, held, neededVersion } from "./cart-request.ts";

export const cartItemRoutes = (ports: EditCartPorts): readonly HttpRoute[] => [
  route({
    route: "POST /v1/carts/{cartId}/items",
    bodySchema: addItemBody,
    async handle(request) {
      const { sku, quantity, version } = request.body;
      const seenVersion = givenVersion(request, version);
      const key = idempotencyKey(request.headers);
      const add = { ...held(request), sku, quantity, seenVersion, idempotencyKey: key };
      return answer(cartView(await addToCart(ports, add)));
    },
  }),
  route({
    route: "PATCH /v1/carts/{cartId}/items/{sku}",
    bodySchema: setQuantityBody,
    async handle(request) {
      const { quantity, version } = request.body;
      const seenVersion = neededVersion(request, version);
      const change = { ...held(request), sku: skuOf(request), quantity, seenVersion };
      return answer(cartView(await setCartQuantity(ports, change)));
    },
  }),
  route({
    route: "DELETE /v1/carts/{cartId}/items/{sku}",
    async handle(request) {
      const change = { ...held(request), sku: skuOf(request), seenVersion: neededVersion(request) };
      return answer(cartView(await removeFromCart(ports, change)));
    },
  }),
];

const skuOf = ({ path }: { readonly path: Readonly<Record<string, string>> }): string =>
  path["sku"] ?? "";
