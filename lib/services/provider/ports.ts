/**
 * What the simulated payment provider remembers.
 */

export type Charge = {
  readonly paymentId: string;
  readonly status: "authorised" | "declined" | "captured" | "voided";
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
};

/** What a request with an idempotency key was answered. */
export type KeyedAnswer = { readonly key: string; readonly requestHash: string; readonly paymentId: string };

export type ChargeWrite = "written" | "exists" | "conflict";

/**
 * Contract: `create` stores charge and key together or not at all; `move` changes the status only from one of `from`, with the key.
 */
export type ChargeStore = {
  byId(paymentId: string): Promise<Charge | undefined>;
  byKey(key: string): Promise<(KeyedAnswer & { readonly charge: Charge }) | undefined>;
  create(charge: Charge, answer: KeyedAnswer): Promise<ChargeWrite>;
  move(
    paymentId: string,
    from: readonly Charge["status"][],
    to: Charge["status"],
    answer: KeyedAnswer,
  ): Promise<ChargeWrite>;
};
