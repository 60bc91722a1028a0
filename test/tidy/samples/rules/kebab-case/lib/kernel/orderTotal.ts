/** In camel case. */
export const total = 1;
