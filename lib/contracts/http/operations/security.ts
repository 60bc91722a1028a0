/**
 * Who may call, in the document's words: what the route table's `access` and `staff` say.
 */
import { ACCESS_TOKEN_SECONDS } from "../auth.ts";
import { SCOPES } from "../scopes.ts";
import type { JsonObject } from "#kernel/json";
import type { Route } from "../route.ts";

export const SECURITY_SCHEMES: JsonObject = {
  token: {
    type: "oauth2",
    description: `RFC 6749 section 4.4; a token is good for ${ACCESS_TOKEN_SECONDS} seconds.`,
    flows: {
      clientCredentials: {
        tokenUrl: "/oauth2/token",
        scopes: Object.fromEntries(SCOPES.map((scope) => [scope, `May use ${scope}.`])),
      },
    },
  },
  cartSecret: {
    type: "apiKey",
    in: "header",
    name: "Cart-Secret",
    description: "Of an anonymous cart: told once, when it is created.",
  },
  signature: {
    type: "apiKey",
    in: "header",
    name: "Webhook-Signature",
    description: "Standard Webhooks: HMAC-SHA256 over id, timestamp and the raw body.",
  },
};

/** Each of the answer is enough; an empty one is nobody in particular. */
export function securityOf(route: Route): JsonObject[] {
  const { access, staff } = route;
  if (access === "public") return [];
  if (access === "signature" || access === "api-key") return [{ signature: [] }];
  if (access === "cart-holder") {
    return [{ token: ["carts:write"] }, route.path.includes("{") ? { cartSecret: [] } : {}];
  }
  return [{ token: [access] }, ...(staff === undefined ? [] : [{ token: [staff] }])];
}
