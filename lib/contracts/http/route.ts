/**
 * What a row of the route table says about a route: where it is, who answers it, who may call it,
 * and why a repetition does no harm.
 */
import type { Scope } from "./scopes.ts";
import type { Deprecation } from "./deprecation.ts";
import type { RatePolicyName } from "./rate-limits.ts";

export type Route = {
  /** API Gateway's resource path. */
  readonly path: string;
  /** The function that answers, by its file below `functions/`. */
  readonly entry: string;
  /** Who has this scope instead may do it too, and to what is anybody's. */
  readonly staff?: Scope;
  /** By which policy of the stage requests are limited; default: as its access has it. */
  readonly limit?: RatePolicyName;
  /** It is going: every answer says so. */
  readonly deprecated?: Deprecation;
} & (
  | { readonly method: "GET"; readonly access: Access }
  | { readonly method: Changing; readonly access: Access; readonly repetition: Repetition }
  // A key belongs to its caller, so there has to be one.
  | { readonly method: Changing; readonly access: Scope; readonly repetition: FromRecord }
);

/**
 * A scope of the caller's token; or `public`, a `signature` over the raw body, the merchant's
 * `api-key`; `cart-holder` is whoever knows the cart's secret, or its customer: a token is not
 * needed, but one that is sent needs the scope `carts:write`.
 */
export type Access = Scope | "public" | "signature" | "api-key" | "cart-holder";

type Changing = "POST" | "PATCH" | "PUT" | "DELETE";

type FromRecord = "answered-from-record";

/**
 * Why a request that is sent twice does not work twice:
 * - `answered-from-record`: the onion asks for an Idempotency-Key and keeps the answer under it.
 * - `found-by-key`: the key names what the request makes, so its own write refuses a second; a
 *   record beside it would be weaker.
 * - `ordered-consumer`: the sender's own message id reaches the consumer, which drops duplicates
 *   and counts them; an answer from a record would hide them from it.
 * - `version-checked`: it says which version it is about, and the write has that version in its
 *   condition; a first time has changed it already.
 * - `same-state`: it says how things are to be; said again, they are.
 * - `decided-once`: the order's own stream holds the decision; said again it changes nothing or is
 *   refused.
 * - `changes-nothing`: so nothing is kept of it; least of all where the answer is a secret.
 * - `expires-unused`: what a second request makes is empty, nobody knows it, and it expires. A
 *   caller with a token names its request by an Idempotency-Key, and then there is no second.
 */
type Repetition =
  | "found-by-key"
  | "ordered-consumer"
  | "version-checked"
  | "same-state"
  | "decided-once"
  | "expires-unused"
  | "changes-nothing";
