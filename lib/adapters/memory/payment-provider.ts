/**
 * The payment provider of the tests and the simulator: it behaves as the simulated provider
 * behind HTTP does, without a network in between.
 */
import { Failure } from "#kernel/failure";
import type { PaymentProvider, PaymentState, ProviderPayment } from "#services/payments/ports";

export type MemoryPaymentProvider = PaymentProvider & {
  /** Every payment ever made for the order, as it is now. */
  paymentsOf(orderId: string): readonly ProviderPayment[];
};

type Payment = ProviderPayment & { readonly orderId: string };

/** Amounts ending in 13 minor units are declined. */
const DECLINED_ENDING = 13;

export function memoryPaymentProvider(): MemoryPaymentProvider {
  const payments = new Map<string, Payment>();
  const answers = new Map<string, ProviderPayment>();
  const refundsByKey = new Map<string, number>();

  const remember = (key: string, payment: Payment): ProviderPayment => {
    const answer = viewOf(payment);
    payments.set(payment.paymentId, payment);
    answers.set(key, answer);
    return answer;
  };

  const move = async (paymentId: string, to: PaymentState, key: string) => {
    const answered = answers.get(key);
    if (answered !== undefined) return answered;
    const payment = payments.get(paymentId);
    if (payment === undefined) throw refused(`There is no payment ${paymentId}.`);
    if (payment.status !== "authorised") {
      throw refused(`Payment ${paymentId} is ${payment.status}; it cannot become ${to}.`);
    }
    return remember(key, { ...payment, status: to });
  };

  const refund: PaymentProvider["refund"] = async ({ paymentId, amount, key }) => {
    const answered = answers.get(key);
    if (answered !== undefined) {
      if (answered.paymentId === paymentId && refundsByKey.get(key) === amount) return answered;
      throw refused(`The key ${key} belongs to another request.`);
    }
    const payment = payments.get(paymentId);
    if (payment === undefined) throw refused(`There is no payment ${paymentId}.`);
    const refunded = payment.refunded + amount;
    if (payment.status !== "captured" || refunded > payment.amount) {
      throw refused(`Payment ${paymentId} is ${payment.status}; ${amount} are not paid back.`);
    }
    refundsByKey.set(key, amount);
    return remember(key, { ...payment, refunded });
  };

  return {
    async authorise({ key, orderId, amount, currency }) {
      const answered = answers.get(key);
      if (answered !== undefined) {
        if (answered.amount === amount && answered.currency === currency) return answered;
        throw refused(`The key ${key} belongs to another request.`);
      }
      const status = amount % 100 === DECLINED_ENDING ? "declined" : "authorised";
      const paymentId = `payment-${payments.size + 1}`;
      return remember(key, { paymentId, status, amount, currency, orderId, refunded: 0 });
    },
    capture: (paymentId, key) => move(paymentId, "captured", key),
    void: (paymentId, key) => move(paymentId, "voided", key),
    refund,
    async lookup(key) {
      const answered = answers.get(key);
      const payment = answered && payments.get(answered.paymentId);
      return payment && viewOf(payment);
    },
    paymentsOf: (orderId) =>
      [...payments.values()].filter((payment) => payment.orderId === orderId).map(viewOf),
  };
}

const viewOf = ({ paymentId, status, amount, currency, refunded }: Payment): ProviderPayment => ({
  paymentId,
  status,
  amount,
  currency,
  refunded,
});

const refused = (message: string): Failure => new Failure("provider-refused", "reject", message);
