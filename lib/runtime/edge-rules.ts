/**
 * What a stage says about requests before anything looks at them: how many, and from whose pages.
 */
import { NO_ORIGINS } from "#contracts/http/cors";
import { policiesIn } from "#contracts/http/rate-limits";
import { configIfSet } from "./config.ts";
import { limiter, type Limiter } from "./rate-limit/limiter.ts";

export type EdgeRules = {
  readonly limiter: Limiter;
  /** Exact: scheme, host and port. */
  readonly origins: readonly string[];
};

/** Where the environment says nothing, as for a function beside the shop, nothing is limited. */
export function edgeRules(): EdgeRules {
  const { RATE_LIMITS, CORS_ORIGINS = NO_ORIGINS } = configIfSet("RATE_LIMITS", "CORS_ORIGINS");
  return {
    limiter: limiter(RATE_LIMITS === undefined ? [] : policiesIn(RATE_LIMITS)),
    origins: CORS_ORIGINS === NO_ORIGINS ? [] : CORS_ORIGINS.split(","),
  };
}
