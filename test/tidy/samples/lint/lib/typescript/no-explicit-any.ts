/** Caught by typescript(no-explicit-any). */
export type Price = any;
