/** Caught by typescript(no-misused-promises). */
async function isPaid(): Promise<boolean> {
  return true;
}
export const paid = (): string => (isPaid() ? "paid" : "open");
