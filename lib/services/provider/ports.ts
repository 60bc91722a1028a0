/**
 * What the simulated payment provider remembers.
 */

export type ChargeStatus = "authorised" | "declined" | "captured" | "voided";

export type Charge = {
  readonly paymentId: string;
  readonly status: ChargeStatus;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  /** Paid back so far. */
  readonly refunded: number;
};

/** What a request with an idempotency key was answered first, and so is answered for ever. */
export type KeyedAnswer = {
  readonly key: string;
  readonly requestHash: string;
  readonly paymentId: string;
  readonly status: ChargeStatus;
  readonly refunded: number;
};

export type ChargeWrite =
  | "written"
  /** The key has been used; nothing was written. */
  | "exists"
  /** The charge does not allow it; nothing was written. */
  | "conflict";

/**
 * Contract (`test/contract/charge-store-contract.ts`):
 * - `create` stores charge and key together or not at all; of concurrent calls with one key
 *   exactly one is `written`. `conflict`: another charge has this id.
 * - `move` changes the status only from one of `from`, together with the key; `conflict` also for
 *   an unknown charge.
 * - `refund` adds to what is paid back only while the charge is as it was read, together with the
 *   key; otherwise `conflict`.
 * - Reads are strongly consistent; `byKey` answers the charge as it is now.
 * - Errors: `store-throttled` (retry), `outcome-unknown` (all may simply be repeated).
 */
export type ChargeStore = {
  byId(paymentId: string): Promise<Charge | undefined>;
  byKey(key: string): Promise<(KeyedAnswer & { readonly charge: Charge }) | undefined>;
  create(charge: Charge, answer: KeyedAnswer): Promise<ChargeWrite>;
  move(
    paymentId: string,
    from: readonly ChargeStatus[],
    to: ChargeStatus,
    answer: KeyedAnswer,
  ): Promise<ChargeWrite>;
  refund(asRead: Charge, amount: number, answer: KeyedAnswer): Promise<ChargeWrite>;
};
