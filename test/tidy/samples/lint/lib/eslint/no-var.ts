/** Caught by eslint(no-var). */
var price = 1;
export const prices = [price];
