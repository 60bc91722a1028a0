/**
 * What pages of other origins may send and see, where a stage lets them in. Tokens travel in a
 * header that scripts set, so no credentials of the browser's own are ever let through.
 * Source: the Fetch standard, "CORS protocol".
 */
import { API_VERSION_HEADER } from "./versions.ts";

export const CORS_REQUEST_HEADERS = [
  "accept",
  "authorization",
  "cache-control",
  "cart-secret",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "traceparent",
  "x-correlation-id",
  API_VERSION_HEADER,
] as const;

/** Beside those that every script may see. */
export const CORS_ANSWER_HEADERS = [
  "cache-status",
  "deprecation",
  "etag",
  "link",
  "location",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "sunset",
  "traceparent",
  "www-authenticate",
  "x-correlation-id",
  API_VERSION_HEADER,
] as const;

/** A browser asks again after that. */
export const PREFLIGHT_SECONDS = 600;
export const PREFLIGHT_STATUS = 204;

/** An origin as browsers send it: no path, no wildcard; without TLS only on one's own machine. */
export const EXACT_ORIGIN =
  /^(?:https:\/\/[a-z0-9.-]+(?::\d{1,5})?|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)$/;

/** Of `CORS_ORIGINS`, where pages of no other origin are let in. */
export const NO_ORIGINS = "none";
