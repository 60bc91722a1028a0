/** Names that say nothing. */
export class OrderManager {} // caught
export const priceUtils = {}; // caught
export function commonTotal(): number { // caught
  return 1;
}
export type Helper = { readonly total: number }; // caught
