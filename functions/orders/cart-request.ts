/**
 * What a request to a cart says beside its body: who holds the cart, and which version he has seen.
 */
import { CART_SECRET_HEADER } from "#contracts/http/carts";
import { Failure } from "#kernel/failure";
import type { HttpRequest } from "#runtime/http-route";
import type { CartRequest } from "#services/orders/usecases/open-cart";

type Asked = Pick<HttpRequest<unknown, unknown>, "headers" | "now" | "path" | "subject">;

/** Errors: `unauthenticated` (reject). */
export function held({ path, subject, headers, now }: Asked): CartRequest {
  const secret = headers[CART_SECRET_HEADER];
  if (subject === undefined && secret === undefined) {
    const message = `Send a token, or an anonymous cart's secret in ${CART_SECRET_HEADER}.`;
    throw new Failure("unauthenticated", "reject", message);
  }
  return { cartId: path["cartId"] ?? "", holder: { callerId: subject?.id, secret }, now };
}

/** Errors: `precondition-required` (reject), and those of `givenVersion`. */
export function neededVersion(request: Asked, inBody?: number): number {
  const version = givenVersion(request, inBody);
  if (version !== undefined) return version;
  throw new Failure(
    "precondition-required",
    "reject",
    "Say which version of the cart you have seen: its ETag in If-Match, or `version` in the body.",
  );
}

/** Errors: `invalid-request` (reject) for an If-Match that is no version, or not the body's. */
export function givenVersion({ headers }: Asked, inBody?: number): number | undefined {
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
