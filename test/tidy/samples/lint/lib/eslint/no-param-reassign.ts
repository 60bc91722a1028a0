/** Caught by eslint(no-param-reassign). */
export function price(amount: number): number {
  amount += 1;
  return amount;
}
