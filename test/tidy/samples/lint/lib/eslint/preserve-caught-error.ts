/** Caught by eslint(preserve-caught-error). */
export function pay(charge: () => void): void {
  try {
    charge();
  } catch (error) {
    throw new Error(`not paid: ${String(error)}`);
  }
}
