/** Caught by TS2375. */
type Order = { readonly note?: string };
export const order: Order = { note: undefined };
