/** Caught by eslint(use-isnan). */
export const isPrice = (amount: number): boolean => amount !== NaN;
