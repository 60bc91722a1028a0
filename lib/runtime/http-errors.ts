/**
 * The only file that turns a failure into HTTP: status, title and headers of RFC 9457 problem
 * details.
 */
import { PROBLEM_TYPE, type Problem } from "#contracts/http/problem";
import { Failure, isFailure, type FailureCode } from "#kernel/failure";
import type { HttpAnswer } from "./http-route.ts";

/** What a problem says about the request it answers. */
export type ProblemContext = {
  /** The path that was asked for; absent if the event did not say. */
  readonly instance?: string;
  readonly traceId: string;
  /** Methods that the resource knows; for 405. */
  readonly allow: readonly string[];
  /** Whether credentials came with the request: RFC 6750 section 3.1 names an error only then. */
  readonly credentialsGiven: boolean;
  /** The scope that the route asks for; for `insufficient_scope`. */
  readonly scope: string | undefined;
  /** Of the caller, where it is limited; for 429. */
  readonly quota: { readonly policy: string; readonly retryAfterSeconds: number } | undefined;
};

type Kind = { readonly status: number; readonly title: string };

const KINDS: Readonly<Record<FailureCode, Kind>> = {
  "malformed-request": { status: 400, title: "The request cannot be read" },
  "invalid-request": { status: 400, title: "The request is not as documented" },
  "unknown-version": { status: 400, title: "The API version is not known" },
  "idempotency-key-missing": { status: 400, title: "The Idempotency-Key is missing" },
  "invalid-grant-request": { status: 400, title: "The token request is refused" },
  "malformed-message": { status: 400, title: "The message cannot be read" },
  unauthenticated: { status: 401, title: "Valid credentials are needed" },
  "invalid-client": { status: 401, title: "The client is not known" },
  "invalid-signature": { status: 401, title: "The signature is not valid" },
  "stale-timestamp": { status: 401, title: "The signed timestamp is too far from now" },
  "payment-declined": { status: 402, title: "The payment is declined" },
  forbidden: { status: 403, title: "Not allowed" },
  "insufficient-scope": { status: 403, title: "The token's scope does not suffice" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "The resource does not know this method" },
  "not-acceptable": { status: 406, title: "No acceptable representation" },
  conflict: { status: 409, title: "Another change came first" },
  "request-in-progress": { status: 409, title: "The same request is being handled" },
  "order-not-open": { status: 409, title: "The order is not open" },
  "cancel-requested": { status: 409, title: "The order is being cancelled" },
  "review-needed": { status: 409, title: "The order has to be reviewed" },
  "review-over": { status: 409, title: "The review is over" },
  "review-declined": { status: 409, title: "The review was declined" },
  "not-stuck": { status: 409, title: "Nothing needs repair" },
  "records-disagree": { status: 409, title: "The records say otherwise" },
  "refund-exceeds-payment": { status: 409, title: "More than was paid" },
  "return-not-possible": { status: 409, title: "This cannot be returned" },
  "fulfilment-not-expected": { status: 409, title: "The order expects no fulfilment" },
  "payment-refused": { status: 409, title: "The money cannot be paid back" },
  "out-of-stock": { status: 409, title: "Out of stock" },
  "hold-expired": { status: 409, title: "The stock is not held any more" },
  "step-cancelled": { status: 409, title: "The step has been cancelled" },
  "price-changed": { status: 409, title: "A price is not what was expected" },
  "reference-taken": { status: 409, title: "The external reference has an order" },
  "cart-ordered": { status: 409, title: "The cart is ordered" },
  "cart-full": { status: 409, title: "The cart is full" },
  "cart-merged": { status: 409, title: "The cart was merged into another" },
  "precondition-failed": { status: 412, title: "The version is not the one that was seen" },
  "endpoint-limit": { status: 409, title: "There are as many endpoints as allowed" },
  "endpoint-disabled": { status: 409, title: "The endpoint is disabled" },
  "delivery-not-over": { status: 409, title: "The delivery is still under way" },
  "secrets-overlap": { status: 409, title: "Former secrets still sign" },
  "payload-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The media type is not supported" },
  "idempotency-key-reused": {
    status: 422,
    title: "The Idempotency-Key belongs to another request",
  },
  "unknown-sku": { status: 422, title: "Unknown SKU" },
  "price-missing": { status: 422, title: "A price is missing" },
  "nothing-to-pay": { status: 422, title: "The order costs nothing" },
  "discount-refused": { status: 422, title: "A discount code does not hold" },
  "precondition-required": { status: 428, title: "The version that was seen is needed" },
  "quota-exceeded": { status: 429, title: "The quota of requests is exceeded" },
  "target-refused": { status: 422, title: "No webhook is sent to this URL" },
  "provider-refused": { status: 502, title: "The payment provider refused the request" },
  "outcome-pending": { status: 503, title: "The outcome is not known yet" },
  "receiver-unavailable": { status: 503, title: "The receiver does not answer" },
  "provider-unavailable": { status: 503, title: "The payment provider does not answer" },
  "store-throttled": { status: 503, title: "Too busy" },
  "store-unavailable": { status: 503, title: "Temporarily unavailable" },
  "outcome-unknown": { status: 503, title: "The outcome is not known" },
  "circuit-open": { status: 503, title: "Temporarily unavailable" },
  "lock-held": { status: 503, title: "Somebody else is at it" },
  "lock-lost": { status: 503, title: "Somebody else is at it" },
  misconfigured: { status: 500, title: "Internal error" },
  unexpected: { status: 500, title: "Internal error" },
};

const OUR_TYPES = "urn:inorder:problem:";
/** Source: draft-ietf-httpapi-ratelimit-headers-11, section 5.1. */
const QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/** From here on a problem is ours: its cause is logged and never told. */
const SERVER_ERROR = 500;
const RETRY_AFTER_SECONDS = 1;

export const statusOf = (code: FailureCode): number => KINDS[code].status;

export const isServerError = (status: number): boolean => status >= SERVER_ERROR;

/** What is not a failure is `unexpected`: whoever threw it did not foresee it. */
export const asFailure = (error: unknown): Failure =>
  isFailure(error)
    ? error
    : new Failure("unexpected", "reject", "An error nobody foresaw.", { cause: error });

/**
 * Source: RFC 9457 (problem details), RFC 9110 sections 11.6.1, 10.2.1, 10.2.3, RFC 6750 section 3.
 */
export function problemAnswer(error: unknown, context: ProblemContext): HttpAnswer {
  const failure = asFailure(error);
  const problem: Problem = {
    ...problemOf(failure),
    ...(context.instance === undefined ? {} : { instance: context.instance }),
    traceId: context.traceId,
    ...(failure.code === "quota-exceeded" && context.quota !== undefined
      ? { "violated-policies": [context.quota.policy] }
      : {}),
  };
  const { status } = problem;
  return {
    status,
    body: problem,
    headers: { "content-type": PROBLEM_TYPE, ...headersOf(failure, status, context) },
  };
}

/** What a failure is, whatever the request: also of one part of a request among others. */
export function problemOf(failure: Failure): Problem {
  const { status, title } = KINDS[failure.code];
  return {
    type: failure.code === "quota-exceeded" ? QUOTA_EXCEEDED : `${OUR_TYPES}${failure.code}`,
    title,
    status,
    detail: isServerError(status) ? serverDetail(failure) : failure.message,
    ...(failure.details.length > 0 && !isServerError(status)
      ? { errors: [...failure.details] }
      : {}),
  };
}

const serverDetail = (failure: Failure): string =>
  failure.action === "retry"
    ? "Nothing is wrong with the request. Send it again, with the same key, after a moment."
    : "The request could not be handled. Tell the operator this traceId.";

function headersOf(failure: Failure, status: number, context: ProblemContext) {
  if (status === 401) return { "www-authenticate": challenge(failure.code, context) };
  if (failure.code === "insufficient-scope") {
    const scope = context.scope === undefined ? "" : `, scope="${context.scope}"`;
    return { "www-authenticate": `${BEARER}, error="insufficient_scope"${scope}` };
  }
  if (failure.code === "method-not-allowed") return { allow: context.allow.join(", ") };
  if (failure.code === "quota-exceeded") {
    return { "retry-after": String(context.quota?.retryAfterSeconds ?? RETRY_AFTER_SECONDS) };
  }
  if (status === 503 || failure.code === "request-in-progress") {
    return { "retry-after": String(RETRY_AFTER_SECONDS) };
  }
  return {};
}

const BEARER = 'Bearer realm="inorder"';

function challenge(code: FailureCode, context: ProblemContext): string {
  if (code === "invalid-client") return 'Basic realm="inorder"';
  if (code === "invalid-signature" || code === "stale-timestamp") {
    return 'Webhook-Signature realm="inorder"';
  }
  return context.credentialsGiven ? `${BEARER}, error="invalid_token"` : BEARER;
}
