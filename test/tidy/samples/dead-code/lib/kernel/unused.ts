/** Caught by files. */
export const unused = 1;
