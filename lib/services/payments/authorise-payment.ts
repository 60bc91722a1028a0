/**
 * Has an order's total promised by the payment provider, so that capturing it later cannot fail
 * for lack of money. A step of the order saga: it may be repeated, cut off anywhere, and
 * overtaken by its own undo.
 */
import type { PaymentAnswer } from "#contracts/saga";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { carryOut, type PaymentPorts } from "./external-step.ts";

export type AuthorisePayment = {
  readonly orderId: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
};

/** Errors: `Failure` `payment-declined`, `provider-refused` (reject), and those of `carryOut`. */
export async function authorisePayment(
  ports: PaymentPorts,
  { orderId, amount, currency }: AuthorisePayment,
  now: EpochMs,
): Promise<PaymentAnswer> {
  const payment = await carryOut(
    ports,
    {
      key: { orderId, step: "authorise" },
      amount,
      currency,
      send: (key) => ports.provider.authorise({ key, orderId, amount, currency }),
    },
    now,
  );
  const asked = `${amount} ${currency}`;
  if (payment.amount !== amount || payment.currency !== currency) {
    throw new Failure(
      "provider-refused",
      "reject",
      `The provider answered ${payment.amount} ${payment.currency} where ${asked} was asked for.`,
    );
  }
  switch (payment.status) {
    case "authorised":
    case "captured":
      return { paymentId: payment.paymentId };
    case "declined":
      throw new Failure("payment-declined", "reject", `The payment of ${asked} was declined.`);
    case "voided":
      throw new Failure(
        "provider-refused",
        "reject",
        `Payment ${payment.paymentId} of order ${orderId} was voided at the provider.`,
      );
    default:
      return payment.status satisfies never;
  }
}
