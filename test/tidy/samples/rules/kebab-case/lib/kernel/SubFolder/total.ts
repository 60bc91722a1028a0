/** In a folder in Pascal case. */
export const total = 1;
