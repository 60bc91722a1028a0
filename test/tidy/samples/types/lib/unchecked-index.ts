/** Caught by TS2322. */
export const first = (prices: readonly number[]): number => prices[0];
