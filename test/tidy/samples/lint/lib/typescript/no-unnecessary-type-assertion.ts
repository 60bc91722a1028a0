/** Caught by typescript(no-unnecessary-type-assertion). */
export const price = (amount: number): number => amount as number;
