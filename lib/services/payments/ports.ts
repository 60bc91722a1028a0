/**
 * What the payments service needs from outside: somebody who moves money, and a memory of what
 * was asked of him.
 */
import type { EpochMs } from "#kernel/units";
import type { Movement } from "./ledger.ts";

export type { Line, Movement, MovementName } from "./ledger.ts";

export type PaymentState = "authorised" | "declined" | "captured" | "voided";

export type ProviderPayment = {
  readonly paymentId: string;
  readonly status: PaymentState;
  readonly amount: number;
  readonly currency: string;
  /** Paid back so far. */
  readonly refunded: number;
};

/**
 * Contract (`test/contract/payment-provider-contract.ts`):
 * - Every call is idempotent by `key`: repeated, it answers the first result and moves no more
 *   money.
 * - A decline is an answer, not an error.
 * - `refund` pays back a part or all of what was captured; more than that in sum is refused.
 * - `lookup` answers the payment as it is now; undefined only if no request with that key has
 *   been accepted.
 * - Errors: `Failure` `outcome-unknown` (retry: the money may have moved; look up by key),
 *   `provider-unavailable` (retry: certainly not arrived), `provider-refused` (reject).
 */
export type PaymentProvider = {
  authorise(request: {
    readonly key: string;
    readonly orderId: string;
    readonly amount: number;
    readonly currency: string;
  }): Promise<ProviderPayment>;
  capture(paymentId: string, key: string): Promise<ProviderPayment>;
  void(paymentId: string, key: string): Promise<ProviderPayment>;
  refund(request: {
    readonly paymentId: string;
    readonly amount: number;
    readonly key: string;
  }): Promise<ProviderPayment>;
  lookup(key: string): Promise<ProviderPayment | undefined>;
};

export type ListedPayment = ProviderPayment & { readonly orderId: string };

/**
 * Everything that a provider has, page by page: for comparing, not for finding one payment. A page
 * may be empty; there are more as long as `next` is answered. Errors: as `PaymentProvider`'s.
 */
export type PaymentList = {
  list(cursor?: string): Promise<{
    readonly payments: readonly ListedPayment[];
    readonly next?: string;
  }>;
};

/** What a step's record says of its payment. */
export type RecordedPayment = Omit<ProviderPayment, "refunded">;

/** An external step's intent, result and tombstone are one item: `orderId:step`. */
export type PaymentStep =
  /** Somebody is (or was) about to call the provider; it may take effect until the deadline. */
  | {
      readonly kind: "intent";
      readonly deadline: EpochMs;
      readonly amount: number;
      readonly currency: string;
      /** The last request was refused, but an earlier one may land until the deadline. */
      readonly isRefused?: boolean;
    }
  /** Of a refund, `amount` is what was paid back. */
  | (RecordedPayment & {
      readonly kind: "done";
      /** Of a capture: paid back, or promised to be, in minor units. */
      readonly refunding?: number;
    })
  /** Compensated, or refused for good: a late forward step is refused. */
  | {
      readonly kind: "tombstone";
      readonly paymentId?: string;
      /** That of the intent which it replaced, if there was one. */
      readonly deadline?: EpochMs;
      /** The void has been carried out, or there was nothing to void. */
      readonly settled: boolean;
    };

export type StepName = "authorise" | "capture" | `refund:${string}`;

export type StepKey = { readonly orderId: string; readonly step: StepName };

export type VersionedStep = { readonly step: PaymentStep; readonly version: number };

/** What becomes true in the moment in which a step is written, or not at all. */
export type WrittenBeside = {
  /** Another step of the same order. */
  readonly step?: VersionedStep & { readonly name: StepName };
  /** Written once: a second one of its name refuses all. */
  readonly movement?: Movement;
};

/** All that is recorded of one order's payment. */
export type OrderBooks = {
  readonly orderId: string;
  readonly steps: readonly (VersionedStep & { readonly name: StepName })[];
  readonly movements: readonly Movement[];
};

/**
 * Reads what steps and movements have been written.
 * Contract (`test/contract/payment-books-contract.ts`):
 * - `ofOrder` is strongly consistent; without steps and movements for an unknown order.
 * - `page` goes through all orders; an order may be spread over two pages, and a page may be empty.
 *   There are more as long as `next` is answered.
 * - `orderIds` goes through them in the same way and reads nothing else of them: an order whose
 *   items cannot be read is among them.
 * - Errors: `store-throttled`, `store-unavailable` (retry).
 */
export type Books = {
  ofOrder(orderId: string): Promise<OrderBooks>;
  page(
    cursor?: string,
  ): Promise<{ readonly orders: readonly OrderBooks[]; readonly next?: string }>;
  orderIds(cursor?: string): Promise<{
    readonly orderIds: readonly string[];
    readonly next?: string;
  }>;
};

/**
 * Contract (`test/contract/payment-steps-contract.ts`):
 * - `read` is strongly consistent.
 * - `write` is conditional on the version read (0 = absent), makes it one more, and answers false
 *   when another write came first. What is written beside it is conditional in the same way: on
 *   the version that it carries, which becomes one more; all is written or nothing. A write whose
 *   answer was lost may answer false too: read before going on.
 * - Errors: `store-throttled`, `outcome-unknown` (read before retrying).
 */
export type PaymentSteps = {
  read(key: StepKey): Promise<VersionedStep | undefined>;
  write(
    key: StepKey,
    step: PaymentStep,
    expectedVersion: number,
    beside?: WrittenBeside,
  ): Promise<boolean>;
};
