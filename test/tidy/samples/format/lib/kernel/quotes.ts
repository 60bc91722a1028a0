/** Caught by format. */
export const name = 'single';
