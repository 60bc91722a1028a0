/**
 * Headers that every answer carries, refusals included; a route's own headers win.
 */
import type { APIGatewayProxyResult } from "aws-lambda";
import { type Deprecation, deprecationHeaders } from "#contracts/http/deprecation";
import { policyText } from "#contracts/http/rate-limits";
import { API_VERSION_HEADER, CURRENT_VERSION } from "#contracts/http/versions";
import type { Limited } from "../rate-limit/limiter.ts";
import { crossOriginHeaders } from "./cors.ts";
import type { Exchange, HttpMiddleware } from "./exchange.ts";

/** Source: OWASP REST Security Cheat Sheet, "Security Headers"; RFC 6797 for the first. */
const SECURITY_HEADERS = {
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** @param origins whose pages may see answers */
export const responseHeaders = (origins: readonly string[]): HttpMiddleware => ({
  after: (request) => {
    request.response = decorated(request.response, request.context.exchange, origins);
  },
  onError: (request) => {
    request.response = decorated(request.response, request.context.exchange, origins);
  },
});

function decorated<Response extends APIGatewayProxyResult | null | undefined>(
  response: Response,
  exchange: Exchange,
  origins: readonly string[],
): Response {
  if (response === null || response === undefined) return response;
  const { headers, route, limited } = exchange;
  return {
    ...response,
    headers: {
      ...SECURITY_HEADERS,
      "x-correlation-id": exchange.correlationId,
      traceparent: exchange.trace.traceparent,
      [API_VERSION_HEADER]: CURRENT_VERSION,
      ...crossOriginHeaders(headers, origins),
      ...(limited === undefined ? {} : quotaHeaders(limited)),
      ...withLinks(response.headers, route?.deprecated),
    },
  };
}

/** Source: draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4. */
const quotaHeaders = ({ policy, remaining, wholeInSeconds }: Limited) => ({
  "ratelimit-policy": policyText(policy),
  ratelimit: `"${policy.name}";r=${remaining};t=${wholeInSeconds}`,
});

/** Links of a route's own stand beside those to what takes its place (RFC 9110 section 5.3). */
function withLinks(
  headers: APIGatewayProxyResult["headers"],
  deprecated: Deprecation | undefined,
): APIGatewayProxyResult["headers"] {
  if (deprecated === undefined) return headers;
  const going = deprecationHeaders(deprecated);
  const link = [headers?.["link"], going["link"]].filter((text) => text !== undefined).join(", ");
  return { ...headers, ...going, link };
}
