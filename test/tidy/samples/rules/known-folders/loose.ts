/** At the root, where only configuration lies. */
export const total = 1;
