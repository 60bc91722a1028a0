/** Whatever. */
export const total = 1;
