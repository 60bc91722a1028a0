/** Caught by typescript(no-non-null-assertion). */
export const first = (prices: readonly number[]): number => prices[0]!;
