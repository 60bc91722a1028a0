// The statuses that the API promises, code by code.
import { expect, test } from "vitest";
import { problemSchema } from "#contracts/http/problem";
import { Failure, type FailureCode } from "#kernel/failure";
import { isServerError, problemAnswer } from "#runtime/http-errors";

const statuses: Readonly<Record<FailureCode, number>> = {
  "malformed-request": 400,
  "unknown-version": 400,
  "quota-exceeded": 429,
  "invalid-request": 400,
  "idempotency-key-missing": 400,
  "invalid-grant-request": 400,
  "malformed-message": 400,
  unauthenticated: 401,
  "invalid-client": 401,
  "invalid-signature": 401,
  "stale-timestamp": 401,
  "payment-declined": 402,
  forbidden: 403,
  "insufficient-scope": 403,
  "not-found": 404,
  "method-not-allowed": 405,
  "not-acceptable": 406,
  conflict: 409,
  "request-in-progress": 409,
  "order-not-open": 409,
  "endpoint-limit": 409,
  "endpoint-disabled": 409,
  "delivery-not-over": 409,
  "secrets-overlap": 409,
  "fulfilment-not-expected": 409,
  "cancel-requested": 409,
  "review-needed": 409,
  "review-over": 409,
  "review-declined": 409,
  "not-stuck": 409,
  "records-disagree": 409,
  "refund-exceeds-payment": 409,
  "return-not-possible": 409,
  "payment-refused": 409,
  "out-of-stock": 409,
  "hold-expired": 409,
  "step-cancelled": 409,
  "price-changed": 409,
  "reference-taken": 409,
  "cart-ordered": 409,
  "cart-full": 409,
  "cart-merged": 409,
  "precondition-failed": 412,
  "payload-too-large": 413,
  "unsupported-media-type": 415,
  "idempotency-key-reused": 422,
  "unknown-sku": 422,
  "target-refused": 422,
  "price-missing": 422,
  "discount-refused": 422,
  "nothing-to-pay": 422,
  "precondition-required": 428,
  misconfigured: 500,
  unexpected: 500,
  "provider-refused": 502,
  "outcome-pending": 503,
  "provider-unavailable": 503,
  "receiver-unavailable": 503,
  "store-throttled": 503,
  "store-unavailable": 503,
  "outcome-unknown": 503,
  "circuit-open": 503,
  "lock-held": 503,
  "lock-lost": 503,
};

const context = {
  instance: "/v1/orders",
  traceId: "t",
  allow: [],
  credentialsGiven: false,
  scope: undefined,
  quota: { policy: "default", retryAfterSeconds: 7 },
};

/** IANA has one of its own. */
const typeOf = (code: string): string =>
  code === "quota-exceeded"
    ? "https://iana.org/assignments/http-problem-types#quota-exceeded"
    : `urn:inorder:problem:${code}`;

test.each(Object.entries(statuses))("%s is answered %i", (code, status) => {
  const failure = new Failure(code as FailureCode, "reject", "what happened");

  const answer = problemAnswer(failure, context);

  const problem = problemSchema.parse(answer.body);
  expect(answer.status).toBe(status);
  expect(answer.headers?.["content-type"]).toBe("application/problem+json");
  expect(problem).toMatchObject({ type: typeOf(code), status, traceId: "t" });
  expect(problem.detail === "what happened").toBe(!isServerError(status));
  expect(answer.headers?.["www-authenticate"] !== undefined).toBe(
    status === 401 || code === "insufficient-scope",
  );
  const passes = [429, 503].includes(status) || code === "request-in-progress";
  expect(answer.headers?.["retry-after"] !== undefined).toBe(passes);
});
