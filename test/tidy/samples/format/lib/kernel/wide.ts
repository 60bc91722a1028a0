/** Caught by format. */
export const total = (firstPrice: number, secondPrice: number): number => firstPrice + secondPrice + 0;
