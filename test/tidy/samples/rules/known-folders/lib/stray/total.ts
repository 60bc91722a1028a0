/** A layer that the import table does not know. */
export const total = 1;
