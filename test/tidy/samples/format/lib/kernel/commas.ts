/** Caught by format. */
export const prices = {
  first: 1,
  second: 2
};
