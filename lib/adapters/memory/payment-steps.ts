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

    async write(key, step, expectedVersion, beside = {}) {
      const first = { name: key.step, step, version: expectedVersion };
      const writes = beside.step === undefined ? [first] : [first, beside.step];
      const nameIn = (step: StepKey["step"]) => nameOf({ orderId: key.orderId, step });
      const isAsRead = writes.every(
        ({ name, version }) => (items.get(nameIn(name))?.version ?? 0) === version,
      );
      if (!isAsRead) return false;
      for (const { name, step, version } of writes) {
        items.set(nameIn(name), { step, version: version + 1 });
      }
      return true;
    },
  };
}
