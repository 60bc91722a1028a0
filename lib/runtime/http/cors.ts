/**
 * Pages of other origins, where a stage lets them in: the answer to their browser's question before
 * the request, and the headers that let a page see an answer.
 */
import {
  CORS_ANSWER_HEADERS,
  CORS_REQUEST_HEADERS,
  PREFLIGHT_SECONDS,
  PREFLIGHT_STATUS,
} from "#contracts/http/cors";
import { Failure } from "#kernel/failure";
import { PREFLIGHT } from "../http-route.ts";
import type { RouteInUse } from "./route-table.ts";

type Headers = Readonly<Record<string, string>>;

/** Whether a browser asks for a page, rather than somebody for the methods of a resource. */
export const isPreflight = (method: string, headers: Headers): boolean =>
  method === "OPTIONS" &&
  headers["origin"] !== undefined &&
  headers["access-control-request-method"] !== undefined;

/** Errors of its answer: `forbidden` (reject) for pages of an origin that is not let in. */
export const preflight = (methods: readonly string[], origins: readonly string[]): RouteInUse => ({
  access: "public",
  isKept: false,
  definition: {
    route: PREFLIGHT,
    hasAnyQuery: true,
    async handle({ headers }) {
      if (!origins.includes(headers["origin"] ?? "")) {
        throw new Failure("forbidden", "reject", "Pages of this origin are not let in.");
      }
      return {
        status: PREFLIGHT_STATUS,
        headers: {
          "access-control-allow-methods": methods.join(", "),
          "access-control-allow-headers": CORS_REQUEST_HEADERS.join(", "),
          "access-control-max-age": String(PREFLIGHT_SECONDS),
        },
      };
    },
  },
});

/** Caches keep an answer apart for each origin as soon as it may differ. */
export function crossOriginHeaders(headers: Headers, origins: readonly string[]): Headers {
  if (origins.length === 0) return {};
  const origin = headers["origin"];
  if (origin === undefined || !origins.includes(origin)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-expose-headers": CORS_ANSWER_HEADERS.join(", "),
  };
}
