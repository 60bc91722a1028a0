/** Caught by typescript(require-array-sort-compare). */
export const sorted = (prices: number[]): number[] => prices.sort();
