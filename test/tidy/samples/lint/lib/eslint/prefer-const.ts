/** Caught by eslint(prefer-const). */
let price = 1;
export const prices = [price];
