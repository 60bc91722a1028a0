/** Caught by no-orphans. */
export const alone = true;
