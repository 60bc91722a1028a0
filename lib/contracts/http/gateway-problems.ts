/**
 * What the API gateway itself answers, before any function sees the request: the same problem
 * details as everywhere, by API Gateway's own name of the situation.
 */

export type GatewayProblem = {
  readonly status: number;
  /** As in `urn:inorder:problem:<code>`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
};

const notFound: GatewayProblem = {
  status: 404,
  code: "not-found",
  title: "Not found",
  detail: "Nothing is found at this path.",
};

const unavailable: GatewayProblem = {
  status: 503,
  code: "store-unavailable",
  title: "Temporarily unavailable",
  detail: "Nothing is wrong with the request. Send it again, with the same key, after a moment.",
  retryAfterSeconds: 1,
};

/** Source: API Gateway developer guide, "Gateway response types for API Gateway". */
export const GATEWAY_PROBLEMS = {
  // Its word for a path or method that does not exist.
  MISSING_AUTHENTICATION_TOKEN: notFound,
  RESOURCE_NOT_FOUND: notFound,
  THROTTLED: {
    status: 429,
    code: "too-many-requests",
    title: "Too many requests",
    detail: "Send the request again, with the same key, after Retry-After.",
    retryAfterSeconds: 1,
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    code: "payload-too-large",
    title: "The body is too large",
    detail: "No body here may be longer than 10 MB; the route's own limit is lower.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: "unsupported-media-type",
    title: "The media type is not supported",
    detail: "Send the media type that the route documents.",
  },
  WAF_FILTERED: {
    status: 403,
    code: "forbidden",
    title: "Not allowed",
    detail: "The request looks like an attack, or too many come from this address.",
  },
  INTEGRATION_FAILURE: unavailable,
  INTEGRATION_TIMEOUT: {
    status: 504,
    code: "outcome-unknown",
    title: "The outcome is not known",
    detail: "The request may have been carried out. Send it again with the same key.",
  },
  DEFAULT_4XX: {
    status: 400,
    code: "malformed-request",
    title: "The request cannot be read",
    detail: "The request was refused before it reached the service.",
  },
  DEFAULT_5XX: {
    status: 500,
    code: "unexpected",
    title: "Internal error",
    detail: "The request could not be handled. Tell the operator this traceId.",
  },
} as const satisfies Readonly<Record<string, GatewayProblem>>;
