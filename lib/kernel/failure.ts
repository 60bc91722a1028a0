/**
 * An error says what happened (`code`, a closed list) and what to do next (`action`).
 * HTTP is not known here; `runtime/http-errors.ts` is the only file that turns a code into a
 * status.
 */

/** What the caller does with the work whose handling failed. */
export type FailureAction =
  /** Try the same again later: the cause is expected to pass. */
  | "retry"
  /** Store it and everything behind it in its stream; other streams go on. */
  | "halt"
  /** Refuse it: the same request can never succeed. */
  | "reject";

export type FailureCode =
  // requests
  | "malformed-request"
  | "invalid-request"
  | "payload-too-large"
  | "unsupported-media-type"
  | "not-acceptable"
  | "method-not-allowed"
  | "unknown-version"
  | "quota-exceeded"
  | "not-found"
  | "unauthenticated"
  | "forbidden"
  | "insufficient-scope"
  | "invalid-client"
  | "invalid-grant-request"
  | "invalid-signature"
  | "stale-timestamp"
  | "idempotency-key-missing"
  | "idempotency-key-reused"
  | "request-in-progress"
  | "precondition-required"
  | "precondition-failed"
  | "unknown-sku"
  | "price-missing"
  | "price-changed"
  | "discount-refused"
  | "nothing-to-pay"
  | "reference-taken"
  | "cart-ordered"
  | "cart-full"
  | "cart-merged"
  // orders, stock, payments
  | "order-not-open"
  | "cancel-requested"
  | "review-needed"
  | "review-over"
  | "review-declined"
  | "not-stuck"
  | "records-disagree"
  | "refund-exceeds-payment"
  | "return-not-possible"
  | "fulfilment-not-expected"
  | "out-of-stock"
  | "hold-expired"
  | "payment-declined"
  | "payment-refused"
  | "step-cancelled"
  | "outcome-pending"
  | "provider-unavailable"
  | "provider-refused"
  // webhooks out
  | "endpoint-limit"
  | "endpoint-disabled"
  | "delivery-not-over"
  | "target-refused"
  | "secrets-overlap"
  | "receiver-unavailable"
  // stores and messages
  | "malformed-message"
  | "conflict"
  | "store-throttled"
  | "store-unavailable"
  | "outcome-unknown"
  | "circuit-open"
  | "lock-held"
  | "lock-lost"
  | "misconfigured"
  | "unexpected";

/** One place in the request that is wrong: an RFC 6901 pointer and what to do about it. */
export type FailureDetail = {
  readonly pointer: string;
  readonly detail: string;
  /** Of which product, where there is not enough of it. */
  readonly sku?: string;
  /** Units of it: how many are wanted in all, and how many there were. */
  readonly requested?: number;
  readonly available?: number | undefined;
  /** Minor units: what the request counted on, and what it is; for prices. */
  readonly expected?: number;
  readonly actual?: number;
};

export class Failure extends Error {
  override readonly name = "Failure";

  readonly code: FailureCode;
  readonly action: FailureAction;
  readonly details: readonly FailureDetail[];

  constructor(
    code: FailureCode,
    action: FailureAction,
    message: string,
    options?: ErrorOptions & { readonly details?: readonly FailureDetail[] },
  ) {
    super(message, options);
    this.code = code;
    this.action = action;
    this.details = options?.details ?? [];
  }
}

/** Works across duplicate copies of this module in one bundle, where `instanceof` does not. */
export const isFailure = (error: unknown): error is Failure =>
  error instanceof Error &&
  error.name === "Failure" &&
  "code" in error &&
  typeof error.code === "string" &&
  "action" in error &&
  ACTIONS.has(error.action);

const ACTIONS: ReadonlySet<unknown> = new Set<FailureAction>(["retry", "reject", "halt"]);
