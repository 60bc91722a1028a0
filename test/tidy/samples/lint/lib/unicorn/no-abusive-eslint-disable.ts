/** Caught by unicorn(no-abusive-eslint-disable). */
/* oxlint-disable */
var price = 1;
export const prices = [price];
