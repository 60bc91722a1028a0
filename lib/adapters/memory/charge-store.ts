/**
 * The charge store of the tests and the simulator: two maps, and the same contract as the
 * DynamoDB one.
 */
import type { Charge, ChargeStore, KeyedAnswer } from "#services/provider/ports";

export type MemoryChargeStore = ChargeStore & {
  /** Every charge ever made with that reference. */
  withReference(reference: string): readonly Charge[];
};

export function memoryChargeStore(): MemoryChargeStore {
  const charges = new Map<string, Charge>();
  const answers = new Map<string, KeyedAnswer>();

  return {
    async byId(paymentId) {
      return charges.get(paymentId);
    },

    async byKey(key) {
      const answer = answers.get(key);
      const charge = answer && charges.get(answer.paymentId);
      return answer && charge && { ...answer, charge };
    },

    async create(charge, answer) {
      if (answers.has(answer.key)) return "exists";
      if (charges.has(charge.paymentId)) return "conflict";
      charges.set(charge.paymentId, charge);
      answers.set(answer.key, answer);
      return "written";
    },

    async move(paymentId, from, to, answer) {
      if (answers.has(answer.key)) return "exists";
      const charge = charges.get(paymentId);
      if (charge === undefined || !from.includes(charge.status)) return "conflict";
      charges.set(paymentId, { ...charge, status: to });
      answers.set(answer.key, answer);
      return "written";
    },

    async refund(asRead, amount, answer) {
      if (answers.has(answer.key)) return "exists";
      const charge = charges.get(asRead.paymentId);
      if (charge?.status !== asRead.status || charge.refunded !== asRead.refunded) {
        return "conflict";
      }
      charges.set(charge.paymentId, { ...charge, refunded: charge.refunded + amount });
      answers.set(answer.key, answer);
      return "written";
    },

    withReference: (reference) =>
      [...charges.values()].filter((charge) => charge.reference === reference),
  };
}
