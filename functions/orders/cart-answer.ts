/**
 * A cart as an answer: its ETag is the version of the cart as it is stored, which a change names.
 */
import type { CartView } from "#contracts/http/carts";
import type { HttpAnswer } from "#runtime/http-route";

export const answer = (body: CartView, status = 200): HttpAnswer => ({
  status,
  headers: { etag: `"${body.version}"` },
  body,
});
