/**
 * Who calls, and whether the route's row lets them: deny unless a token says otherwise.
 */
import type { Scope } from "#contracts/http/scopes";
import type { Route } from "#contracts/http/route";
import { Failure } from "#kernel/failure";
import type { TokenVerifier } from "../token-verifier.ts";
import { routeOf, type HttpMiddleware } from "./exchange.ts";

const TOKEN_CHARACTERS_MAX = 8192;
/** Source: RFC 6750 section 2.1; the scheme's case means nothing (RFC 9110 section 11.1). */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/**
 * Errors: `unauthenticated`, `insufficient-scope` (reject). Routes guarded by a signature or a key
 * of their own are left to their `admit`, and a cart's secret to its use case.
 */
export const authentication = (verifier: TokenVerifier | undefined): HttpMiddleware => ({
  async before({ context }) {
    const { exchange } = context;
    const { access, staff } = routeOf(exchange);
    const scope = requiredScope(access);
    if (scope === undefined) return;
    if (access === "cart-holder" && exchange.headers["authorization"] === undefined) return;
    if (verifier === undefined) {
      throw new Failure("misconfigured", "reject", `Nothing verifies tokens for ${scope}.`);
    }
    const subject = await verifier.verify(bearerToken(exchange.headers), exchange.now);
    const isStaff = staff !== undefined && subject.scopes.includes(staff);
    if (!isStaff && !subject.scopes.includes(scope)) {
      throw new Failure(
        "insufficient-scope",
        "reject",
        `This needs the scope ${scope}; the token has ${subject.scopes.join(" ") || "none"}.`,
      );
    }
    context.exchange = { ...exchange, subject };
  },
});

export function requiredScope(access: Route["access"]): Scope | undefined {
  if (access === "public" || access === "signature" || access === "api-key") return undefined;
  return access === "cart-holder" ? "carts:write" : access;
}

function bearerToken(headers: Readonly<Record<string, string>>): string {
  const header = headers["authorization"];
  if (header === undefined) {
    throw unauthenticated("Send Authorization: Bearer with an access token of /oauth2/token.");
  }
  const token = BEARER.exec(header)?.[1];
  if (token === undefined || token.length > TOKEN_CHARACTERS_MAX) {
    throw unauthenticated("The Authorization header is not of the form: Bearer <token>.");
  }
  return token;
}

const unauthenticated = (message: string): Failure =>
  new Failure("unauthenticated", "reject", message);
