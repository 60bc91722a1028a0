/** In snake case. */
export const total = 1;
