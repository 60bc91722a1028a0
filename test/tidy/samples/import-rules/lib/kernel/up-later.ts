/** Caught by kernel-imports. */
export const later = () => import("#contracts/names");
