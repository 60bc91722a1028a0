/**
 * The dated version that a caller was written for: one that is not known is refused, since nobody
 * could keep its promise.
 */
import { API_VERSION_HEADER, API_VERSIONS } from "#contracts/http/versions";
import { Failure } from "#kernel/failure";
import type { HttpMiddleware } from "./exchange.ts";

/** Errors: `unknown-version` (reject). */
export const versioning = (): HttpMiddleware => ({
  before({ context }) {
    const asked = context.exchange.headers[API_VERSION_HEADER];
    if (asked === undefined || API_VERSIONS.some((known) => known === asked.trim())) return;
    throw new Failure(
      "unknown-version",
      "reject",
      `API-Version is one of ${API_VERSIONS.join(", ")}, or is left out.`,
    );
  },
});
