/**
 * Carts over HTTP. An answer's ETag is the version of the cart as it is stored; a change names the
 * version that it was decided on, by If-Match or in its body.
 */
import {
  addItemBody,
  type CartView,
  CART_SECRET_HEADER,
  createCartBody,
  type CreatedCart,
  mergeCartBody,
  setQuantityBody,
} from "#contracts/http/carts";
import { Failure } from "#kernel/failure";
import { callerOf } from "#runtime/caller";
import { type HttpAnswer, type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { createCart, type CreateCartPorts } from "#services/orders/usecases/create-cart";
import {
  addToCart,
  type EditCartPorts,
  mergeIntoCart,
  removeFromCart,
  setCartQuantity,
} from "#services/orders/usecases/edit-cart";
import type { CartRequest } from "#services/orders/usecases/open-cart";
import { cartView, viewCart } from "#services/orders/usecases/view-cart";

export type CartRoutesPorts = EditCartPorts & CreateCartPorts;

type Asked = Pick<HttpRequest<unknown, unknown>, "headers" | "now" | "path" | "subject">;

const CREATE = "POST /v1/carts";

export const cartRoutes = (ports: CartRoutesPorts): readonly HttpRoute[] => [
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
      const location = `/v1/carts/${cart.cartId}`;
      return { status: 201, headers: { location, etag: tagOf(body) }, body };
    },
  }),
  route({
    route: "GET /v1/carts/{cartId}",
    handle: async (request) => answer(await viewCart(ports, held(request))),
  }),
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
];

const tagOf = ({ version }: Pick<CartView, "version">): string => `"${version}"`;

const answer = (body: CartView): HttpAnswer => ({
  status: 200,
  headers: { etag: tagOf(body) },
  body,
});

const skuOf = ({ path }: Asked): string => path["sku"] ?? "";

function held({ path, subject, headers, now }: Asked): CartRequest {
  const secret = headers[CART_SECRET_HEADER];
  if (subject === undefined && secret === undefined) {
    throw new Failure(
      "unauthenticated",
      "reject",
      `Send an access token, or the secret of an anonymous cart in the header ${CART_SECRET_HEADER}.`,
    );
  }
  return { cartId: path["cartId"] ?? "", holder: { callerId: subject?.id, secret }, now };
}

/** Errors: `precondition-required` (reject), and those of `givenVersion`. */
function neededVersion(request: Asked, inBody?: number): number {
  const version = givenVersion(request, inBody);
  if (version !== undefined) return version;
  throw new Failure(
    "precondition-required",
    "reject",
    "Say which version of the cart you have seen: its ETag in If-Match, or `version` in the body.",
  );
}

/** Errors: `invalid-request` (reject) for an If-Match that is no version, or not the body's. */
function givenVersion({ headers }: Asked, inBody?: number): number | undefined {
  const header = headers["if-match"];
  if (header === undefined) return inBody;
  const version = Number(TAG.exec(header.trim())?.[1]);
  if (Number.isSafeInteger(version) && (inBody ?? version) === version) return version;
  throw new Failure(
    "invalid-request",
    "reject",
    'If-Match is one ETag of the cart, as "7", and the same version as the body has.',
  );
}

const TAG = /^"([1-9]\d{0,15})"$/;
