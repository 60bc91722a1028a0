/**
 * The double-entry ledger: one movement for each time that money moved, its lines summing to zero.
 * It is written with the record of the step that moved the money, so the two cannot differ, and
 * never changed: balances are sums of movements.
 */
import type { EpochMs } from "#kernel/units";

/** `provider`: what the provider owes us. `orders`: what customers have paid for orders. */
export type Account = "provider" | "orders";

/** Minor units: above zero what the account receives, below zero what it gives. */
export type Line = { readonly account: Account; readonly amount: number };

export type MovementName = "capture" | `refund:${string}`;

export type Movement = {
  /** Unique within its order. */
  readonly name: MovementName;
  readonly orderId: string;
  readonly paymentId: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly at: EpochMs;
};

export type Moved = Omit<Movement, "name" | "lines"> & { readonly amount: number };

/** The provider has taken the money for us. */
export const captureMovement = (moved: Moved): Movement => movement("capture", moved, moved.amount);

/** The provider has paid it back on our account. */
export const refundMovement = (refundId: string, moved: Moved): Movement =>
  movement(`refund:${refundId}`, moved, -moved.amount);

export const isBalanced = ({ lines }: Movement): boolean =>
  lines.length > 0 && lines.reduce((sum, { amount }) => sum + amount, 0) === 0;

/** What the account has received by the movement. */
export const receivedBy = (account: Account, { lines }: Movement): number =>
  lines.reduce((sum, line) => (line.account === account ? sum + line.amount : sum), 0);

const movement = (
  name: MovementName,
  { orderId, paymentId, currency, at }: Moved,
  toProvider: number,
): Movement => ({
  name,
  orderId,
  paymentId,
  currency,
  lines: [
    { account: "provider", amount: toProvider },
    { account: "orders", amount: -toProvider },
  ],
  at,
});
