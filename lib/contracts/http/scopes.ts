/**
 * What an access token may allow (RFC 6749 section 3.3), each for routes of one kind.
 */
export const SCOPES = [
  "orders:write",
  "orders:read",
  "orders:import",
  "products:write",
  "carts:write",
  "reviews:write",
  "reviews:moderate",
  "orders:operate",
  "inventory:read",
  "inventory:write",
  "inventory:reserve",
  "webhooks:read",
  "webhooks:write",
] as const;

export type Scope = (typeof SCOPES)[number];
