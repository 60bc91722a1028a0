/** Caught by nothing. */
export const name = "double";
