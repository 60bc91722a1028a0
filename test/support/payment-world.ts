/**
 * The payments service over memory, with whatever is put between it and its ports.
 */
import { memoryPaymentProvider } from "#adapters/memory/payment-provider";
import { memoryPaymentSteps } from "#adapters/memory/payment-steps";
import type { MetricName } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import { type EpochMs, later, seconds } from "#kernel/units";
import { authorisePayment } from "#services/payments/authorise-payment";
import { capturePayment } from "#services/payments/capture-payment";
import type { PaymentPorts } from "#services/payments/external-step";
import { refundPayment } from "#services/payments/refund-payment";
import { voidPayment } from "#services/payments/void-payment";

export const orderId = "0123456789ABCDEFGHJKMNPQRS";
export const noon = 1_700_000_000_000 as EpochMs;
export const intentLasting = seconds(30);
/** When no request of a step begun at noon can land any more. */
export const pastDeadline = (later(noon, intentLasting) + 1) as EpochMs;

type Wrap = <Port extends object>(port: Port) => Port;

export function paymentWorld() {
  const provider = memoryPaymentProvider();
  const steps = memoryPaymentSteps();
  const counted: MetricName[] = [];
  const count = (metric: MetricName): void => {
    counted.push(metric);
  };
  const portsWith = (wrap: Wrap): PaymentPorts => ({
    provider: wrap(provider),
    steps: wrap(steps),
    intentLasting,
    count,
  });

  return {
    provider,
    steps,
    counted,
    /** Paid back for the order, as the provider has it. */
    refunded: () => provider.paymentsOf(orderId).reduce((sum, { refunded }) => sum + refunded, 0),
    statuses: () => provider.paymentsOf(orderId).map(({ status }) => status),
    /** The steps of one order, over ports as `wrap` makes them. */
    over: (wrap: Wrap = (port) => port) => taskOf(portsWith(wrap)),
    overPorts: (changed: Partial<PaymentPorts>) =>
      taskOf({ ...portsWith((port) => port), ...changed }),
  };
}

export type PaymentWorld = ReturnType<typeof paymentWorld>;

const taskOf = (ports: PaymentPorts) => ({
  authorise: (now = noon, amount = 1000) =>
    authorisePayment(ports, { orderId, amount, currency: "BRL" }, now),
  capture: (now = noon) => capturePayment(ports, { orderId }, now),
  void: (now = pastDeadline) => voidPayment(ports, { orderId }, now),
  refund: (amount = 300, refundId = "r1", now = noon) =>
    refundPayment(ports, { orderId, refundId, amount, currency: "BRL" }, now),
});

/** A request that was given up lands at the provider after all. */
export const landLate = ({ provider }: PaymentWorld, amount = 1000) =>
  provider.authorise({ key: `${orderId}:authorise`, orderId, amount, currency: "BRL" });

export const outcomeUnknown = () => new Failure("outcome-unknown", "retry", "no answer in time");
