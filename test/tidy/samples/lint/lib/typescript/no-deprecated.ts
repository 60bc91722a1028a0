/** Caught by typescript(no-deprecated). */
/** @deprecated Use the price with tax. */
const price = 1;
export const prices = [price];
