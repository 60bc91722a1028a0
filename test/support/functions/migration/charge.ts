/**
 * What the migrated function does to the world, as a test can see and hold it.
 */

export type Payment = { readonly paymentId: string; readonly amount: number };

let charges: readonly Payment[] = [];
let gate: Promise<void> = Promise.resolve();

export async function charge(payment: Payment): Promise<{ charged: number }> {
  charges = [...charges, payment];
  await gate;
  return { charged: payment.amount };
}

export const chargesOf = (paymentId: string): number =>
  charges.filter((charged) => charged.paymentId === paymentId).length;

/** What is charged from now on waits for this. */
export const chargesWaitFor = (opened: Promise<void>): void => {
  gate = opened;
};
