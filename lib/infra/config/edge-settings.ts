/**
 * How often a stage lets somebody ask, and whose pages it lets in.
 */
import { EXACT_ORIGIN, NO_ORIGINS } from "#contracts/http/cors";
import { policyText, RATE_POLICIES, type RatePolicyName } from "#contracts/http/rate-limits";
import { ROUTES } from "#contracts/http/routes";
import { Failure } from "#kernel/failure";
import { knows, type Need } from "../constructs/need.ts";

type Quota = { readonly quota: number; readonly windowSeconds: number };

export type EdgeSettings = {
  /** In each sandbox: a soft limit below the gateway's own throttles. */
  readonly limits: Readonly<Record<RatePolicyName, Quota>>;
  /** Scheme, host and port, as browsers send them; never a wildcard. */
  readonly origins: readonly string[];
};

/** What every function that answers the API is told; another, nothing. */
export function edgeNeeds(
  functionName: string,
  { limits, origins }: EdgeSettings,
): readonly Need[] {
  if (!ROUTES.some(({ entry }) => entry === functionName)) return [];
  const policies = RATE_POLICIES.map((name) => policyText({ name, ...limits[name] }));
  return [
    knows("RATE_LIMITS", policies.join(", ")),
    knows("CORS_ORIGINS", origins.length === 0 ? NO_ORIGINS : origins.join(",")),
  ];
}

/** Errors: `misconfigured` (reject) for an origin that is not one exactly. */
export function checkOrigins(stage: string, { origins }: EdgeSettings): void {
  const wrong = origins.filter((origin) => !EXACT_ORIGIN.test(origin));
  if (wrong.length === 0) return;
  throw new Failure(
    "misconfigured",
    "reject",
    `Stage ${stage}: ${wrong.join(", ")} is no exact origin; write it as https://shop.example, ` +
      "without path and wildcard.",
  );
}
