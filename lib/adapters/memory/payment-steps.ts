/**
 * The payment steps of the tests and the simulator: one map, and the same contract as the
 * DynamoDB ones.
 */
import type { PaymentSteps, StepKey, VersionedStep } from "#services/payments/ports";

export function memoryPaymentSteps(): PaymentSteps {
  const items = new Map<string, VersionedStep>();
  const nameOf = ({ orderId, step }: StepKey): string => `${orderId}:${step}`;

  return {
    async read(key) {
      return items.get(nameOf(key));
    },

    async write(key, step, expectedVersion) {
      if ((items.get(nameOf(key))?.version ?? 0) !== expectedVersion) return false;
      items.set(nameOf(key), { step, version: expectedVersion + 1 });
      return true;
    },
  };
}
