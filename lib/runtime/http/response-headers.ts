/**
 * Headers that every answer carries, refusals included; a route's own headers win.
 */
import type { APIGatewayProxyResult } from "aws-lambda";
import type { Exchange, HttpMiddleware } from "./exchange.ts";

/** Source: OWASP REST Security Cheat Sheet, "Security Headers"; RFC 6797 for the first. */
const SECURITY_HEADERS = {
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

export const responseHeaders = (): HttpMiddleware => ({
  after: (request) => {
    request.response = decorated(request.response, request.context.exchange);
  },
  onError: (request) => {
    request.response = decorated(request.response, request.context.exchange);
  },
});

function decorated<Response extends APIGatewayProxyResult | null | undefined>(
  response: Response,
  exchange: Exchange,
): Response {
  if (response === null || response === undefined) return response;
  return {
    ...response,
    headers: {
      ...SECURITY_HEADERS,
      "x-correlation-id": exchange.correlationId,
      traceparent: exchange.trace.traceparent,
      ...response.headers,
    },
  };
}
