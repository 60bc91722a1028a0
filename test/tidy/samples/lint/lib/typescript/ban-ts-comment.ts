/** Caught by typescript(ban-ts-comment). */
// @ts-nocheck
export const price: number = 1;
